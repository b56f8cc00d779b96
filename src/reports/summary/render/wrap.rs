//! Wraps long lines between words, where a terminal would break them within a word.

use unicode_width::UnicodeWidthStr;

/// Terminals narrower than this wrap lines themselves.
const NARROWEST: usize = 40;

/// Wraps every line longer than `width` between words, and indents the continuation lines by two more than
/// the line. Words longer than the width stay whole, so that they can be copied.
pub(super) fn wrap(text: &str, width: usize) -> String {
    if width < NARROWEST {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    for line in text.split_inclusive('\n') {
        let (line, end) = line.strip_suffix('\n').map_or((line, ""), |line| (line, "\n"));
        if line.width() <= width {
            out.push_str(line);
        } else {
            break_line(line, width, &mut out);
        }
        out.push_str(end);
    }
    out
}

fn break_line(line: &str, width: usize, out: &mut String) {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let further = " ".repeat(indent + 2);
    out.push_str(&line[..indent]);
    let mut used = indent;
    for (index, word) in line[indent..].split(' ').enumerate() {
        let length = word.width();
        if index > 0 && used + 1 + length > width {
            out.push('\n');
            out.push_str(&further);
            used = further.len();
        } else if index > 0 {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += length;
    }
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn long_lines_are_broken_between_words_and_indented() {
        let text = "  hint: exclude the regions with --exclude-regions eu-west-3 or exempt the role\nshort\n";
        assert_eq!(
            wrap(text, 40),
            "  hint: exclude the regions with\n    --exclude-regions eu-west-3 or\n    exempt the role\nshort\n"
        );
        assert_eq!(wrap(text, 200), text);
    }

    #[test]
    fn a_long_word_stays_whole() {
        let arn = format!("arn:aws:iam::111111111111:role/{}", "a".repeat(60));
        let text = format!("cannot assume {arn} today");
        assert_eq!(wrap(&text, 50), format!("cannot assume\n  {arn}\n  today"));
    }
}
