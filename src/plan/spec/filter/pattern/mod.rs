//! Translates regular expressions of jq (Oniguruma's, with the syntax of Perl) for the crate `regex`.
//!
//! An expression is translated as far as both give it the same meaning. Everything else is refused: lookaround,
//! backreferences, atomic groups and the like.

mod class;

use std::iter::Peekable;
use std::str::Chars;

/// A translated expression.
#[derive(Debug)]
pub(super) struct Translated {
    /// The expression in the syntax of `regex`.
    pub(super) text: String,
    /// The name of each group, if it has one.
    pub(super) groups: Vec<Option<String>>,
    /// Whether it has an anchor for the end of a text, which in jq also matches before a final line break.
    pub(super) has_end: bool,
    /// Whether it looks at the text before a position: an anchor for the start, or a word boundary.
    pub(super) looks_back: bool,
    /// Whether it has character classes such as `\w`.
    pub(super) has_kinds: bool,
    /// Whether it is case-insensitive.
    pub(super) ignores_case: bool,
}

/// The maximum count of a repetition.
const MOST_REPETITIONS: u32 = 1_000;
const MOST_DEPTH: usize = 50;

/// Returns the expression for `regex`, or the reason why it is refused.
pub(super) fn translate(pattern: &str, extended: bool) -> Result<Translated, String> {
    let mut reading = PatternReader {
        rest: pattern.chars().peekable(),
        done: Translated {
            text: String::with_capacity(pattern.len() + 8),
            groups: Vec::new(),
            has_end: false,
            looks_back: false,
            has_kinds: false,
            ignores_case: false,
        },
        extended,
        depth: 0,
    };
    reading.alternatives()?;
    match reading.rest.next() {
        None => Ok(reading.done),
        Some(_) => Err(invalid("unmatched `)`")),
    }
}

struct PatternReader<'p> {
    rest: Peekable<Chars<'p>>,
    done: Translated,
    extended: bool,
    depth: usize,
}

/// The kind of atom that was read last, which decides whether it can be repeated.
#[derive(Clone, Copy, PartialEq)]
enum Atom {
    /// Nothing that can be repeated.
    Nothing,
    Character,
    /// A group that can match the empty text.
    Empty,
}

fn invalid(problem: &str) -> String {
    format!("the regular expression is not valid: {problem}")
}

fn unavailable(what: &str) -> String {
    format!("{what} in a regular expression is not supported")
}

impl PatternReader<'_> {
    /// Reads alternatives up to the end of a group; returns whether they can match the empty text.
    fn alternatives(&mut self) -> Result<bool, String> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err(unavailable("this depth of groups"));
        }
        let mut can_be_empty = false;
        loop {
            can_be_empty |= self.sequence()?;
            match self.rest.peek() {
                Some('|') => {
                    self.rest.next();
                    self.done.text.push('|');
                }
                _ => break,
            }
        }
        self.depth -= 1;
        Ok(can_be_empty)
    }

    fn sequence(&mut self) -> Result<bool, String> {
        let mut all_empty = true;
        let mut at_start = self.done.text.is_empty();
        while let Some(next) = self.rest.next_if(|next| !matches!(next, '|' | ')')) {
            let start = self.done.text.len();
            let atom = self.atom(next, at_start)?;
            at_start = false;
            let Some(atom) = atom else { continue };
            let optional = self.repetition(atom, start)?;
            all_empty &= optional || atom != Atom::Character;
        }
        Ok(all_empty)
    }

    /// Reads an atom; `None` for parts that are not atoms.
    fn atom(&mut self, next: char, at_start: bool) -> Result<Option<Atom>, String> {
        match next {
            ' ' | '\t' | '\n' | '\r' | '\u{b}' | '\u{c}' if self.extended => return Ok(None),
            '#' if self.extended => return Err(unavailable("a comment")),
            '*' | '+' | '?' => return Err(invalid(&format!("`{next}` has nothing to repeat"))),
            '^' => {
                self.done.looks_back = true;
                self.done.text.push_str(r"\A");
                return Ok(Some(Atom::Nothing));
            }
            '$' => {
                self.done.has_end = true;
                self.done.text.push_str(r"\z");
                return Ok(Some(Atom::Nothing));
            }
            '.' => self.done.text.push('.'),
            '[' => self.class()?,
            '(' => return self.group(at_start),
            '\\' => return self.escape().map(Some),
            other => self.literal(other),
        }
        Ok(Some(Atom::Character))
    }

    fn literal(&mut self, character: char) {
        self.done.text.push_str(&regex::escape(character.encode_utf8(&mut [0; 4])));
    }

    fn group(&mut self, at_start: bool) -> Result<Option<Atom>, String> {
        if self.rest.peek() == Some(&'?') {
            self.rest.next();
            match self.rest.next() {
                Some(':') => {
                    self.done.text.push_str("(?:");
                    return self.rest_of_group().map(Some);
                }
                Some('<') => {
                    if matches!(self.rest.peek(), Some('=' | '!')) {
                        return Err(unavailable("lookbehind (`(?<=…)`)"));
                    }
                    let name = self.name()?;
                    self.capturing(Some(name))?;
                }
                Some('=' | '!') => return Err(unavailable("lookahead (`(?=…)`)")),
                Some('>') => return Err(unavailable("an atomic group (`(?>…)`)")),
                Some('i') => {
                    self.done.ignores_case = true;
                    match self.rest.next() {
                        // Later in a sequence, such an option also covers the alternatives that follow.
                        Some(')') if at_start => self.done.text.push_str("(?i)"),
                        Some(':') => {
                            self.done.text.push_str("(?i:");
                            return self.rest_of_group().map(Some);
                        }
                        _ => return Err(unavailable("this option")),
                    }
                    return Ok(None);
                }
                _ => return Err(unavailable("this kind of group")),
            }
        } else {
            self.capturing(None)?;
        }
        self.rest_of_group().map(Some)
    }

    fn capturing(&mut self, name: Option<String>) -> Result<(), String> {
        if name.is_some() && self.done.groups.contains(&name) {
            return Err(unavailable("a name shared by several groups"));
        }
        self.done.groups.push(name);
        self.done.text.push('(');
        Ok(())
    }

    fn rest_of_group(&mut self) -> Result<Atom, String> {
        let can_be_empty = self.alternatives()?;
        if self.rest.next() != Some(')') {
            return Err(invalid("a group is not closed"));
        }
        self.done.text.push(')');
        Ok(if can_be_empty { Atom::Empty } else { Atom::Character })
    }

    fn name(&mut self) -> Result<String, String> {
        let mut name = String::new();
        for character in self.rest.by_ref() {
            match character {
                '>' if !name.is_empty() => return Ok(name),
                'a'..='z' | 'A'..='Z' | '_' => name.push(character),
                '0'..='9' if !name.is_empty() => name.push(character),
                _ => break,
            }
        }
        Err(invalid("the name of a group must consist of letters, digits and `_`"))
    }

    fn escape(&mut self) -> Result<Atom, String> {
        let Some(letter) = self.rest.next() else { return Err(invalid("it ends with a `\\`")) };
        match letter {
            'b' | 'B' => {
                self.done.looks_back = true;
                self.done.has_kinds = true;
                self.done.text.extend(['\\', letter]);
                return Ok(Atom::Nothing);
            }
            'A' => {
                self.done.looks_back = true;
                self.done.text.push_str(r"\A");
                return Ok(Atom::Nothing);
            }
            'z' => {
                self.done.text.push_str(r"\z");
                return Ok(Atom::Nothing);
            }
            'Z' => {
                self.done.has_end = true;
                self.done.text.push_str(r"\z");
                return Ok(Atom::Nothing);
            }
            'd' | 'D' | 'w' | 'W' | 's' | 'S' => {
                self.done.has_kinds = true;
                self.done.text.extend(['\\', letter]);
            }
            other => {
                let character = escaped(other)?;
                self.literal(character);
            }
        }
        Ok(Atom::Character)
    }

    /// Reads the repetition after an atom; returns whether the atom is optional.
    fn repetition(&mut self, atom: Atom, start: usize) -> Result<bool, String> {
        if self.extended {
            while self.rest.peek().is_some_and(char::is_ascii_whitespace) {
                self.rest.next();
            }
        }
        let (least, most) = match self.rest.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => match self.counts() {
                Some(counts) => counts,
                None => return Ok(false),
            },
            _ => return Ok(false),
        };
        let by_count = self.rest.peek() == Some(&'{');
        if by_count {
            self.rest.by_ref().find(|character| *character == '}');
        } else {
            self.rest.next();
        }
        match atom {
            Atom::Nothing => return Err(unavailable("a repetition of an anchor")),
            Atom::Empty if most != Some(1) => {
                return Err(unavailable("a repetition of a group that can be empty"));
            }
            _ => {}
        }
        if least.max(most.unwrap_or(0)) > MOST_REPETITIONS || most.is_some_and(|most| most < least) {
            return Err(unavailable("this number of repetitions"));
        }
        // The repeated part is one unit, even if its translation is longer.
        let repeated = self.done.text.split_off(start);
        let most = most.map_or(String::new(), |most| most.to_string());
        let counts = format!("{{{least},{most}}}");
        self.done.text.extend(["(?:", &repeated, ")", &counts]);
        match self.rest.peek() {
            Some('?') if !by_count => {
                self.rest.next();
                self.done.text.push('?');
            }
            Some('?' | '+') if by_count => return Err(unavailable("this kind of repetition")),
            Some('+') => return Err(unavailable("a possessive repetition (`*+`)")),
            _ => {}
        }
        if matches!(self.rest.peek(), Some('*' | '+' | '?'))
            || self.rest.peek() == Some(&'{') && self.counts().is_some()
        {
            return Err(unavailable("a repetition of a repetition"));
        }
        Ok(least == 0)
    }

    /// Reads `{2}`, `{2,}` or `{2,3}`; anything else in braces is literal text.
    fn counts(&self) -> Option<(u32, Option<u32>)> {
        let ahead: String = self.rest.clone().skip(1).take_while(|character| *character != '}').collect();
        let closed = self.rest.clone().any(|character| character == '}');
        let number = |text: &str| {
            (!text.is_empty() && text.len() < 8 && text.bytes().all(|digit| digit.is_ascii_digit()))
                .then(|| text.parse().ok())
                .flatten()
        };
        if !closed {
            return None;
        }
        match ahead.split_once(',') {
            None => number(&ahead).map(|count| (count, Some(count))),
            Some((least, "")) => number(least).map(|least| (least, None)),
            Some(("", most)) => number(most).map(|_| (0, Some(u32::MAX))),
            Some((least, most)) => Some((number(least)?, Some(number(most)?))),
        }
    }
}

/// Returns the character that an escape stands for.
fn escaped(letter: char) -> Result<char, String> {
    Ok(match letter {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'f' => '\u{c}',
        'a' => '\u{7}',
        'e' => '\u{1b}',
        '1'..='9' => return Err(unavailable("a backreference")),
        'p' | 'P' => return Err(unavailable("a property (`\\p{…}`)")),
        letter if letter.is_alphanumeric() => return Err(unavailable(&format!("`\\{letter}`"))),
        other => other,
    })
}
