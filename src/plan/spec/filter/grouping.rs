//! Groups the operators of a filter as jq groups them.
//!
//! jaq gives some operators another precedence (`2 * 3 % 4`, `.a = .b // 1`, `1 + . as $x | $x`). Before a filter
//! is passed to jaq, parentheses are put around the parts that jq groups together.

use std::collections::VecDeque;

use jaq_core::load::lex::{StrPart, Tok, Token};

/// A construct that jq does not accept, with the token it is about.
pub(super) type GroupingMistake<'s> = (&'s str, &'static str);

type FilterTokens<'s> = VecDeque<Token<&'s str>>;

/// Puts parentheses into the tokens of a filter, of its blocks and of its texts.
pub(super) fn group(tokens: Vec<Token<&str>>) -> Result<Vec<Token<&str>>, GroupingMistake<'_>> {
    Grouping { rest: tokens.into(), object: false }.level()
}

struct Grouping<'s> {
    rest: FilterTokens<'s>,
    /// Whether commas separate the members of an object.
    object: bool,
}

/// A part of a filter, and whether it has operators at its top level.
struct FilterPart<'s> {
    tokens: Vec<Token<&'s str>>,
    compound: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum OperatorSide {
    Left,
    Right,
    /// The operator is not associative: `1 < 2 < 3` is an error.
    Neither,
}

/// Returns how strongly an operator binds, and its associativity.
fn strength(operator: &str) -> Option<(u8, OperatorSide)> {
    Some(match operator {
        "|" => (0, OperatorSide::Right),
        "," => (1, OperatorSide::Left),
        "//" => (2, OperatorSide::Right),
        "=" | "|=" | "+=" | "-=" | "*=" | "/=" | "%=" | "//=" => (3, OperatorSide::Neither),
        "or" => (4, OperatorSide::Left),
        "and" => (5, OperatorSide::Left),
        "==" | "!=" | "<" | "<=" | ">" | ">=" => (6, OperatorSide::Neither),
        "+" | "-" => (7, OperatorSide::Left),
        "*" | "/" | "%" => (8, OperatorSide::Left),
        _ => return None,
    })
}

const SIGN: u8 = 7;
const CLOSING: [&str; 9] = [")", "]", "}", ";", ":", "then", "elif", "else", "end"];

impl<'s> Grouping<'s> {
    fn next_is(&self, word: &str) -> bool {
        self.rest.front().is_some_and(|token| token.0 == word && !matches!(token.1, Tok::Str(_)))
    }

    fn at_end(&self) -> bool {
        match self.rest.front() {
            None => true,
            Some(Token(text, Tok::Sym | Tok::Word)) => CLOSING.contains(text) || self.object && *text == ",",
            Some(_) => false,
        }
    }

    /// Moves the next token, with its content.
    fn take(&mut self, to: &mut Vec<Token<&'s str>>) -> Result<(), GroupingMistake<'s>> {
        if let Some(Token(text, token)) = self.rest.pop_front() {
            to.push(Token(text, inside(text, token)?));
        }
        Ok(())
    }

    /// Groups a whole level: the parts between semicolons, colons and the like.
    fn level(mut self) -> Result<Vec<Token<&'s str>>, GroupingMistake<'s>> {
        let mut all = Vec::new();
        while !self.rest.is_empty() {
            let before = self.rest.len();
            all.extend(self.pipe()?.tokens);
            // A token that ends a part, or cannot start one: the parser reports the error.
            if !self.rest.is_empty() && (self.at_end() || self.rest.len() == before) {
                self.take(&mut all)?;
            }
        }
        Ok(all)
    }

    fn pipe(&mut self) -> Result<FilterPart<'s>, GroupingMistake<'s>> {
        self.operators(0)
    }

    /// Reads a part whose operators bind at least so strongly.
    fn operators(&mut self, least: u8) -> Result<FilterPart<'s>, GroupingMistake<'s>> {
        let mut part = self.operand()?;
        let mut previous = None;
        while !self.at_end()
            && let Some((token, (strength, side))) = self.operator()
            && strength >= least
        {
            if side == OperatorSide::Neither && previous == Some(strength) {
                return Err((token, "these operators cannot be chained: add parentheses"));
            }
            previous = Some(strength);
            let mut tokens = if strength > 1 { part.closed() } else { part.tokens };
            self.take(&mut tokens)?;
            let right = self.operators(if side == OperatorSide::Right { strength } else { strength + 1 })?;
            tokens.extend(if strength > 1 { right.closed() } else { right.tokens });
            part = FilterPart { tokens, compound: true };
        }
        Ok(part)
    }

    fn operator(&self) -> Option<(&'s str, (u8, OperatorSide))> {
        let Token(text, kind) = self.rest.front()?;
        matches!(kind, Tok::Sym | Tok::Word)
            .then(|| strength(text))
            .flatten()
            .map(|strength| (*text, strength))
    }

    fn operand(&mut self) -> Result<FilterPart<'s>, GroupingMistake<'s>> {
        let mut tokens = Vec::new();
        if self.next_is("-") {
            self.take(&mut tokens)?;
            tokens.extend(self.operators(SIGN + 1)?.closed());
            return Ok(FilterPart { tokens, compound: true });
        }
        if self.next_is("def") {
            while !self.rest.is_empty() && !self.next_is(":") {
                self.take(&mut tokens)?;
            }
            self.take(&mut tokens)?;
            tokens.extend(self.pipe()?.tokens);
            self.take(&mut tokens)?;
            tokens.extend(self.pipe()?.tokens);
            return Ok(FilterPart { tokens, compound: true });
        }
        if self.next_is("label") {
            for _ in 0..3 {
                self.take(&mut tokens)?;
            }
            tokens.extend(self.pipe()?.tokens);
            return Ok(FilterPart { tokens, compound: true });
        }
        if self.next_is("try") {
            self.take(&mut tokens)?;
            tokens.extend(self.tried()?);
            if self.next_is("catch") {
                self.take(&mut tokens)?;
                tokens.extend(self.tried()?);
            }
            return Ok(FilterPart { tokens, compound: false });
        }
        self.term(&mut tokens)?;
        if self.next_is("as") {
            if self.object {
                return Err((
                    self.rest.front().map_or("", |token| token.0),
                    "`as` needs parentheses in an object",
                ));
            }
            self.take(&mut tokens)?;
            self.pattern(&mut tokens)?;
            if self.next_is("|") {
                self.take(&mut tokens)?;
                tokens.extend(self.pipe()?.tokens);
            }
            return Ok(FilterPart { tokens, compound: true });
        }
        Ok(FilterPart { tokens, compound: false })
    }

    /// Reads the operand of `try` or `catch`, which is as short as possible.
    fn tried(&mut self) -> Result<Vec<Token<&'s str>>, GroupingMistake<'s>> {
        Ok(self.operand()?.closed())
    }

    /// Moves the pattern of `as`, which has no operators and stays unchanged.
    fn pattern(&mut self, tokens: &mut Vec<Token<&'s str>>) -> Result<(), GroupingMistake<'s>> {
        if let Some(token) = self.rest.pop_front() {
            tokens.push(token);
        }
        if self.next_is("?") {
            return Err((self.rest.front().map_or("", |token| token.0), "`?//` is not supported"));
        }
        Ok(())
    }

    fn term(&mut self, tokens: &mut Vec<Token<&'s str>>) -> Result<(), GroupingMistake<'s>> {
        if self.next_is("if") {
            self.take(tokens)?;
            while !self.rest.is_empty() {
                tokens.extend(
                    Grouping { rest: std::mem::take(&mut self.rest), object: false }
                        .inner(self, Self::pipe)?,
                );
                let ended = self.next_is("end");
                if !["then", "elif", "else", "end"].iter().any(|word| self.next_is(word)) {
                    return Ok(());
                }
                self.take(tokens)?;
                if ended {
                    break;
                }
            }
        } else if self.next_is("reduce") || self.next_is("foreach") {
            self.take(tokens)?;
            if self.next_is("-") {
                return Err((self.rest.front().map_or("", |token| token.0), "a sign here needs parentheses"));
            }
            self.term(tokens)?;
            if self.next_is("as") {
                self.take(tokens)?;
                self.pattern(tokens)?;
            }
            self.take(tokens)?;
        } else {
            if self.at_end() || self.operator().is_some() {
                return Ok(());
            }
            self.take(tokens)?;
        }
        while self.continues(tokens.last()) {
            self.take(tokens)?;
        }
        Ok(())
    }

    /// Returns whether the next token belongs to the term before it: `.a`, `[0]`, `?`, arguments, a text after a
    /// format.
    fn continues(&self, last: Option<&Token<&'s str>>) -> bool {
        let (Some(Token(text, kind)), Some(Token(before, before_kind))) = (self.rest.front(), last) else {
            return false;
        };
        match kind {
            Tok::Block(_) => !text.starts_with('{'),
            Tok::Sym => *text == "?" || text.starts_with('.') && *text != "..",
            Tok::Str(_) => matches!(before_kind, Tok::Fmt) || *before == ".",
            Tok::Fmt => *before == ".",
            Tok::Var => *before == "break",
            Tok::Word | Tok::Num => false,
        }
    }

    /// Runs a step on a separate token list, and returns its result.
    fn inner(
        mut self,
        outer: &mut Self,
        work: fn(&mut Self) -> Result<FilterPart<'s>, GroupingMistake<'s>>,
    ) -> Result<Vec<Token<&'s str>>, GroupingMistake<'s>> {
        let part = work(&mut self)?;
        outer.rest = self.rest;
        Ok(part.tokens)
    }
}

impl<'s> FilterPart<'s> {
    /// Returns the part as one operand.
    fn closed(self) -> Vec<Token<&'s str>> {
        if !self.compound {
            return self.tokens;
        }
        let mut tokens = self.tokens;
        tokens.push(Token(")", Tok::Sym));
        vec![Token("(", Tok::Block(tokens))]
    }
}

/// Checks that a variable used as the name of a member is in parentheses.
fn check_names<'s>(tokens: &[Token<&'s str>]) -> Result<(), GroupingMistake<'s>> {
    let mut before = ",";
    for pair in tokens.windows(2) {
        if let [Token(name, Tok::Var), Token(":", Tok::Sym)] = pair
            && before == ","
        {
            return Err((*name, "a variable as a key needs parentheses around it"));
        }
        before = pair.first().map_or("", |token| token.0);
    }
    Ok(())
}

/// Returns a token with its content grouped.
fn inside<'s>(text: &'s str, token: Tok<&'s str>) -> Result<Tok<&'s str>, GroupingMistake<'s>> {
    Ok(match token {
        Tok::Block(tokens) => {
            let object = text.starts_with('{');
            if object {
                check_names(&tokens)?;
            }
            Tok::Block(Grouping { rest: tokens.into(), object }.level()?)
        }
        Tok::Str(parts) => {
            let parts = parts.into_iter().map(|part| match part {
                StrPart::Term(Token(text, token)) => Ok(StrPart::Term(Token(text, inside(text, token)?))),
                other => Ok(other),
            });
            Tok::Str(parts.collect::<Result<_, GroupingMistake<'s>>>()?)
        }
        other => other,
    })
}
