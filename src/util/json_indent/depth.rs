//! Checks of the nesting depth of JSON before parsing: parsers and the values that they build use stack space for
//! every level.

use std::io::{self, Read};

use serde::de::{DeserializeOwned, Error as _};
use serde_json::{Deserializer, Error};

/// The maximum nesting depth of values. boto3 reads 994 levels (Python 3.11, whose recursion limit is 1,000).
pub(crate) const DEEPEST: usize = 1000;

/// The maximum nesting depth of result files, which have a few levels around the values of responses.
pub(crate) const DEEPEST_FILE: usize = DEEPEST + 8;

/// The maximum nesting depth that `serde_json` reads by default.
const SHALLOW: usize = 127;

/// Parses a text that may nest deeper than the 128 levels of `serde_json`, up to `deepest` levels.
pub(crate) fn parse<Found: DeserializeOwned + Send>(
    text: &[u8],
    deepest: usize,
) -> serde_json::Result<Found> {
    if nests_within(text, SHALLOW) || !nests_within(text, deepest) {
        return serde_json::from_slice(text);
    }
    on_a_large_stack(|| {
        let mut reader = Deserializer::from_slice(text);
        reader.disable_recursion_limit();
        let found = Found::deserialize(&mut reader)?;
        reader.end()?;
        Ok(found)
    })
}

/// The stack size for deep texts, several times what the deepest one needs: every level uses stack space, and
/// threads of tokio and of tests have only 2 MiB.
const LARGE_STACK: usize = 32 * 1024 * 1024;

/// Runs a function on a separate thread with a large stack, and waits for it: deep texts are rare.
pub(crate) fn on_a_large_stack<Found: Send>(
    work: impl FnOnce() -> serde_json::Result<Found> + Send,
) -> serde_json::Result<Found> {
    let unread = || Error::custom("cannot start a thread to parse deeply nested JSON");
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(LARGE_STACK).spawn_scoped(scope, work);
        thread.map_err(|_| unread())?.join().unwrap_or_else(|_| Err(unread()))
    })
}

/// Returns whether all values in a text nest at most `deepest` levels.
pub(crate) fn nests_within(text: &[u8], deepest: usize) -> bool {
    let mut depth = Depth::default();
    text.iter().all(|byte| depth.after(*byte) <= deepest)
}

/// The state of a scan through a text.
#[derive(Default)]
struct Depth {
    levels: usize,
    in_text: bool,
    escaped: bool,
}

impl Depth {
    /// Returns the depth after this byte.
    fn after(&mut self, byte: u8) -> usize {
        match byte {
            _ if self.escaped => self.escaped = false,
            b'\\' if self.in_text => self.escaped = true,
            b'"' => self.in_text = !self.in_text,
            b'{' | b'[' if !self.in_text => self.levels += 1,
            b'}' | b']' if !self.in_text => self.levels = self.levels.saturating_sub(1),
            _ => {}
        }
        self.levels
    }
}

/// A reader that fails where a text nests too deep.
pub(crate) struct DepthLimit<R> {
    reader: R,
    depth: Depth,
    deepest: usize,
}

impl<R> DepthLimit<R> {
    pub(crate) fn new(reader: R, deepest: usize) -> Self {
        Self { reader, depth: Depth::default(), deepest }
    }
}

impl<R: Read> Read for DepthLimit<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.reader.read(buffer)?;
        for byte in buffer.iter().take(length) {
            if self.depth.after(*byte) > self.deepest {
                return Err(too_deep(self.deepest));
            }
        }
        Ok(length)
    }
}

/// Returns the error of a file that nests deeper than results do.
pub(crate) fn too_deep(deepest: usize) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("it nests deeper than {deepest} levels"))
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use serde_json::Value;

    use super::{DEEPEST, DepthLimit, nests_within, parse};

    fn nested(levels: usize) -> String {
        format!("{}1{}", r#"{"a":["#.repeat(levels / 2), "]}".repeat(levels / 2))
    }

    #[test]
    fn nesting_is_accepted_up_to_limit() {
        assert!(parse::<Value>(nested(DEEPEST).as_bytes(), DEEPEST).is_ok());
        assert!(parse::<Value>(nested(DEEPEST + 2).as_bytes(), DEEPEST).is_err());
        assert!(parse::<Value>(b"[1] 2", DEEPEST).is_err());
    }

    #[test]
    fn brackets_in_texts_are_no_levels() {
        assert!(nests_within(br#"["[[[[", "\"[[[", {"{{\\": 1}]"#, 2));
        assert!(!nests_within(br#"[[["\\"]]]"#, 2));
        assert!(nests_within(b"[][][]", 1));
    }

    #[test]
    fn a_reader_fails_where_a_text_nests_too_deep() {
        let read = |text: &str| DepthLimit::new(text.as_bytes(), 4).read_to_end(&mut Vec::new());
        assert!(read(&nested(4)).is_ok());
        assert!(read(&nested(6)).is_err());
    }
}
