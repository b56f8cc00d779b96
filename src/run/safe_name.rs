//! Names of files and folders that every operating system allows.

/// Makes a text usable as one component of a path: letters, digits, `.`, `_` and `-` are kept, everything else
/// becomes `_`. Account names may contain any printable ASCII, including slashes. Names that Windows reserves get a
/// `_` on every system, so that a run can be copied to another one.
#[must_use]
pub fn safe_name(text: &str) -> String {
    const LONGEST: usize = 100;
    let safe: String = text
        .trim()
        .chars()
        .take(LONGEST)
        .map(|letter| if letter.is_ascii_alphanumeric() || "._-".contains(letter) { letter } else { '_' })
        .collect();
    // A leading dot would hide the folder, and `..` would leave the run's folder. Windows ignores a dot at the end.
    let safe = safe.trim_matches('.');
    let device = safe.split('.').next().unwrap_or_default();
    if is_reserved(device) { format!("{device}_{}", &safe[device.len()..]) } else { safe.to_owned() }
}

/// Returns whether Windows reserves a name, in upper and lower case and before any extension
/// (learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file).
fn is_reserved(name: &str) -> bool {
    let port = |name: &str| {
        let number = ["COM", "LPT"].iter().find_map(|port| name.strip_prefix(port));
        number.is_some_and(|number| number.len() == 1 && number.bytes().all(|digit| digit.is_ascii_digit()))
    };
    let name = name.to_ascii_uppercase();
    matches!(&*name, "CON" | "PRN" | "AUX" | "NUL") || port(&name)
}

#[cfg(test)]
mod tests {
    use super::safe_name;

    #[test]
    fn separators_and_outer_dots_are_replaced() {
        assert_eq!(safe_name("Prod / EU: \"main\""), "Prod___EU___main_");
        assert_eq!(safe_name("../../etc"), "_.._etc");
        assert_eq!(safe_name(".."), "");
        assert_eq!(safe_name("eu-west-1. "), "eu-west-1");
    }

    #[test]
    fn names_of_devices_get_an_underscore() {
        for (name, expected) in [
            ("CON", "CON_"),
            ("nul", "nul_"),
            ("Aux.backup.1", "Aux_.backup.1"),
            ("COM0", "COM0_"),
            ("lpt9.txt", "lpt9_.txt"),
        ] {
            assert_eq!(safe_name(name), expected);
            assert_eq!(safe_name(expected), expected, "it is safe already");
        }
        for name in ["console", "COM", "COM10", "COMx", "nul-2", "my.nul", "prn_"] {
            assert_eq!(safe_name(name), name);
        }
    }
}
