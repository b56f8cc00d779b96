//! The words of AWS's names: `DBClusterIdentifiers` is `db`, `cluster`, `identifier`.

/// Plurals that the rules would make a wrong singular of.
const IRREGULAR: [(&str, &str); 20] = [
    ("aliases", "alias"),
    ("analyses", "analysis"),
    ("caches", "cache"),
    ("canaries", "canary"),
    ("children", "child"),
    ("indices", "index"),
    ("matrices", "matrix"),
    ("series", "series"),
    ("statuses", "status"),
    ("dashes", "dash"),
    ("axes", "axis"),
    ("lenses", "lens"),
    ("topics", "topic"),
    ("buses", "bus"),
    ("apis", "api"),
    ("uris", "uri"),
    ("kpis", "kpi"),
    ("amis", "ami"),
    ("enis", "eni"),
    ("gpus", "gpu"),
];

/// Words that end with `s` in the singular.
const SINGULAR: [&str; 10] = ["alias", "aws", "cors", "dns", "eks", "ens", "kms", "lens", "sms", "tls"];

/// Returns the words of a name, in lower case and singular.
pub(super) fn words(name: &str) -> Vec<String> {
    let name = name.replace("IoT", "Iot").replace("OAuth", "Oauth");
    let letters: Vec<char> = name.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (index, &letter) in letters.iter().enumerate() {
        if !letter.is_ascii_alphanumeric() {
            words.push(std::mem::take(&mut word));
            continue;
        }
        if starts_word(&letters, index) {
            words.push(std::mem::take(&mut word));
        }
        word.push(letter.to_ascii_lowercase());
    }
    words.push(word);
    words.into_iter().filter(|word| !word.is_empty()).map(|word| singular(&word)).collect()
}

/// Returns whether a word starts at a letter: `B|Instances`, `my|Name`, but not in the plural acronym `ACLs`.
fn starts_word(letters: &[char], index: usize) -> bool {
    let letter = letters[index];
    let Some(&before) = index.checked_sub(1).and_then(|before| letters.get(before)) else { return false };
    if !letter.is_ascii_uppercase() {
        return false;
    }
    if before.is_ascii_lowercase() || before.is_ascii_digit() {
        return true;
    }
    let next = letters.get(index + 1);
    let is_plural_acronym =
        next == Some(&'s') && letters.get(index + 2).is_none_or(|after| !after.is_ascii_lowercase());
    next.is_some_and(char::is_ascii_lowercase) && !is_plural_acronym
}

/// Returns the singular of a word in lower case.
fn singular(word: &str) -> String {
    if let Some((_, singular)) = IRREGULAR.iter().find(|(plural, _)| *plural == word) {
        return (*singular).to_owned();
    }
    let stays = ["ss", "us", "is", "ics"].iter().any(|end| word.ends_with(end)) || SINGULAR.contains(&word);
    if stays || word.len() < 3 {
        return word.to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies") {
        return format!("{stem}y");
    }
    if ["sses", "xes", "ches", "shes"].iter().any(|end| word.ends_with(end)) {
        return word[..word.len() - 2].to_owned();
    }
    word.strip_suffix('s').unwrap_or(word).to_owned()
}

/// Returns a name as one comparable text: `webACLs` and `WebAcl` are `webacl`.
pub(super) fn joined(name: &str) -> String {
    words(name).concat()
}

#[cfg(test)]
mod tests {
    use super::{joined, words};

    #[test]
    fn words_split_acronyms_and_plurals() {
        assert_eq!(words("DescribeDBInstances"), ["describe", "db", "instance"]);
        assert_eq!(words("ListWebACLs"), ["list", "web", "acl"]);
        assert_eq!(words("policyARNs"), ["policy", "arn"]);
        assert_eq!(words("IoTThingGroups"), ["iot", "thing", "group"]);
        assert_eq!(words("client-vpn_endpoint"), ["client", "vpn", "endpoint"]);
    }

    #[test]
    fn singular_follows_english() {
        for (plural, singular) in [
            ("Policies", "policy"),
            ("Addresses", "address"),
            ("Databases", "database"),
            ("Branches", "branch"),
            ("Status", "status"),
            ("Aliases", "alias"),
            ("Access", "access"),
        ] {
            assert_eq!(joined(plural), singular);
        }
    }
}
