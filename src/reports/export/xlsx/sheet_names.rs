//! The names of a workbook's sheets.

use std::collections::HashSet;

/// The most characters of a sheet's name (support.microsoft.com, "Excel specifications and limits").
const LONGEST_NAME: usize = 31;

/// Assigns unique names: Excel ignores case.
#[derive(Debug, Default)]
pub(super) struct SheetNames(HashSet<String>);

impl SheetNames {
    /// Returns a name for `wanted`, without the characters that Excel does not allow.
    pub(super) fn name(&mut self, wanted: &str) -> String {
        let name: String = wanted
            .chars()
            .map(|letter| if letter.is_alphanumeric() || "-_. ".contains(letter) { letter } else { '_' })
            .collect();
        for count in 1_u32.. {
            let suffix = if count == 1 { String::new() } else { format!(" {count}") };
            let room = LONGEST_NAME.saturating_sub(suffix.len());
            let mut length = 0;
            let start = name.chars().take_while(|letter| {
                length += letter.len_utf16();
                length <= room
            });
            let unique = start.collect::<String>() + &suffix;
            if self.0.insert(unique.to_lowercase()) {
                return unique;
            }
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::SheetNames;

    #[test]
    fn every_sheet_has_a_name_of_its_own_that_excel_takes() {
        let mut names = SheetNames::default();
        assert_eq!(names.name("ec2 instance"), "ec2 instance");
        assert_eq!(names.name("ec2 instance"), "ec2 instance 2");
        assert_eq!(names.name("ec2 a/b*[c]"), "ec2 a_b__c_");
        let long = "ec2 verified_access_instance_logging_configuration";
        assert_eq!(names.name(long), "ec2 verified_access_instance_lo");
        assert_eq!(names.name(long), "ec2 verified_access_instance_ 2");
    }
}
