//! Character classes: `[a-z]`.

use super::{PatternReader, escaped, invalid, unavailable};

impl PatternReader<'_> {
    /// Reads the content of the brackets.
    pub(super) fn class(&mut self) -> Result<(), String> {
        self.done.text.push('[');
        if self.rest.peek() == Some(&'^') {
            self.rest.next();
            self.done.text.push('^');
        }
        if self.rest.peek() == Some(&']') {
            self.rest.next();
            self.done.text.push_str(r"\]");
        }
        loop {
            let Some(next) = self.rest.next() else { return Err(invalid("a class is not closed")) };
            match next {
                ']' => break,
                '[' => self.named_class()?,
                '&' if self.rest.peek() == Some(&'&') => return Err(unavailable("`&&`")),
                '-' => {
                    // A literal `-` is the first or the last character.
                    let is_first = self.done.text.ends_with('[') || self.done.text.ends_with("[^");
                    if !is_first && self.rest.peek() != Some(&']') {
                        return Err(unavailable("a `-` in the middle of a class"));
                    }
                    if is_first && self.rest.peek() == Some(&'-') {
                        return Err(unavailable("a range from `-`"));
                    }
                    self.done.text.push_str(r"\-");
                }
                '\\' if matches!(self.rest.peek(), Some('d' | 'D' | 'w' | 'W' | 's' | 'S')) => {
                    self.done.has_kinds = true;
                    self.done.text.push('\\');
                    self.done.text.extend(self.rest.next());
                    if self.rest.peek() == Some(&'-') {
                        self.rest.next();
                        if self.rest.peek() != Some(&']') {
                            return Err(unavailable("a range from a class"));
                        }
                        self.done.text.push_str(r"\-");
                    }
                }
                other => self.range(other)?,
            }
        }
        self.done.text.push(']');
        Ok(())
    }

    fn class_character(&mut self, next: char) -> Result<char, String> {
        if next != '\\' {
            return Ok(next);
        }
        match self.rest.next() {
            Some('b' | 'B') => Err(unavailable("`\\b` in a class")),
            Some(letter) => escaped(letter),
            None => Err(invalid("a class is not closed")),
        }
    }

    fn range(&mut self, first: char) -> Result<(), String> {
        let first = self.class_character(first)?;
        self.in_class(first);
        let mut ahead = self.rest.clone();
        if ahead.next() != Some('-') || matches!(ahead.peek(), None | Some(']')) {
            return Ok(());
        }
        self.rest.next();
        let Some(last) = self.rest.next() else { return Err(invalid("a class is not closed")) };
        if last == '[' || last == '\\' && matches!(self.rest.peek(), Some('d' | 'D' | 'w' | 'W' | 's' | 'S'))
        {
            return Err(unavailable("a range to a class"));
        }
        let last = self.class_character(last)?;
        if last < first {
            return Err(invalid("a range of a class is empty"));
        }
        self.done.text.push('-');
        self.in_class(last);
        if self.rest.peek() == Some(&'-') {
            self.rest.next();
            if self.rest.peek() != Some(&']') {
                return Err(unavailable("a range from a range"));
            }
            self.done.text.push_str(r"\-");
        }
        Ok(())
    }

    fn in_class(&mut self, character: char) {
        if r"\.+*?()|[]{}^$#&-~".contains(character) {
            self.done.text.push('\\');
        }
        self.done.text.push(character);
    }

    /// Reads `[:alpha:]` and similar classes, which match letters of all scripts.
    fn named_class(&mut self) -> Result<(), String> {
        if self.rest.next() != Some(':') {
            return Err(unavailable("a nested class"));
        }
        let name: String = self.rest.by_ref().take_while(|character| *character != ':').collect();
        if self.rest.next() != Some(']') {
            return Err(invalid("a class is not closed"));
        }
        self.done.has_kinds = true;
        self.done.text.push_str(match name.as_str() {
            "alpha" => r"\p{Alphabetic}",
            "digit" => r"\d",
            "alnum" => r"\p{Alphabetic}\d",
            "upper" => r"\p{Uppercase}",
            "lower" => r"\p{Lowercase}",
            "space" => r"\s",
            "xdigit" => "0-9A-Fa-f",
            _ => return Err(unavailable(&format!("`[:{name}:]`"))),
        });
        Ok(())
    }
}
