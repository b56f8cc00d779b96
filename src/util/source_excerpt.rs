//! Excerpts of a text for error messages: one line with a mark below the position of the error.

/// Returns the line with the byte at `offset`, and a mark below it; both are indented.
pub(crate) fn marked(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = text.get(before.rfind('\n').map_or(0, |end| end + 1)..).unwrap_or(text);
    let line = line.lines().next().unwrap_or_default();
    let column = before.chars().rev().take_while(|letter| *letter != '\n').count();
    format!("    {line}\n    {:column$}^", "")
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn the_mark_stands_below_the_place() {
        assert_eq!(marked("one\ntwo wörds\nthree", 11), "    two wörds\n          ^");
        assert_eq!(marked("one", 3), "    one\n       ^");
        assert_eq!(marked("", 9), "    \n    ^");
    }
}
