//! The words of an operation's name: `ListTagsForResource` has the verb `List` and the noun `tag`.

use crate::model::catalog::read_only::READ_VERBS;

/// Words after which the noun of an operation ends.
const PREPOSITIONS: [&str; 17] = [
    "across", "against", "as", "at", "by", "during", "for", "from", "in", "of", "on", "per", "since", "to",
    "under", "using", "with",
];

/// Words that form one word with a preposition behind them: `OptIn`, `AddOn`, `PointInTime`.
const JOINED: [&str; 11] =
    ["add", "built", "check", "cross", "drop", "log", "opt", "plug", "point", "roll", "sign"];

/// Plurals that do not end with a plain `s`, and words that only look like plurals.
const IRREGULAR: [(&str, &str); 19] = [
    ("alias", "alias"),
    ("aliases", "alias"),
    ("analyses", "analysis"),
    ("apis", "api"),
    ("buses", "bus"),
    ("caches", "cache"),
    ("efs", "efs"),
    ("ephemerides", "ephemeris"),
    ("hdfs", "hdfs"),
    ("indices", "index"),
    ("lens", "lens"),
    ("lenses", "lens"),
    ("nfs", "nfs"),
    ("series", "series"),
    ("statuses", "status"),
    ("thesauri", "thesaurus"),
    ("uis", "ui"),
    ("vertices", "vertex"),
    ("zfs", "zfs"),
];

/// The name of an operation, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OperationNoun {
    /// The verb: `List`.
    pub(super) verb: &'static str,
    /// The words of the noun before any preposition, in lower case and singular.
    pub(super) words: Vec<String>,
}

impl OperationNoun {
    /// Takes a name apart; the verb is empty if it is not that of a read.
    pub(super) fn of(operation: &str) -> Self {
        let starts = |verb: &&&str| {
            operation.strip_prefix(**verb).is_some_and(|rest| {
                rest.is_empty() || rest.starts_with(|next: char| next.is_ascii_uppercase())
            })
        };
        let verb = READ_VERBS.iter().find(starts).copied().unwrap_or_default();
        let words = without_version(words(&operation[verb.len()..]));
        let end = end_of_noun(&words);
        Self { verb, words: words[..end].iter().map(|word| singular(word)).collect() }
    }

    /// Returns the last word: the thing that the operation is about.
    pub(super) fn head(&self) -> &str {
        self.words.last().map_or("", String::as_str)
    }

    /// Returns the last two words, joined with a hyphen.
    pub(super) fn head_pair(&self) -> Option<String> {
        let (head, before) = self.words.split_last()?;
        before.last().map(|before| format!("{before}-{head}"))
    }
}

/// Returns where the noun ends: at the first preposition, and before a participle in front of that, as in
/// `ListChannelsModeratedByAppInstanceUser`.
fn end_of_noun(words: &[String]) -> usize {
    let ends =
        |&index: &usize| PREPOSITIONS.contains(&&*words[index]) && !JOINED.contains(&&*words[index - 1]);
    let Some(end) = (1..words.len()).find(ends) else { return words.len() };
    if end > 1 && words[end - 1].ends_with("ed") { end - 1 } else { end }
}

/// Removes the version of an operation: `ListObjectsV2`.
fn without_version(mut words: Vec<String>) -> Vec<String> {
    let is_version = |word: &str| {
        let number = word.strip_prefix('v');
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    if words.len() > 1 && words.last().is_some_and(|word| is_version(word)) {
        words.pop();
    }
    words
}

/// Returns the words of a mixed-case name in lower case. An acronym keeps its plural (`ListWebACLs`), and a word the
/// number behind it (`Route53`).
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut start = 0;
    while start < letters.len() {
        let end = start + length(&letters[start..]);
        words.push(letters[start..end].iter().map(char::to_ascii_lowercase).collect());
        start = end;
    }
    words
}

/// Returns the length of the first word.
fn length(letters: &[char]) -> usize {
    let run = |from: usize, belongs: fn(&char) -> bool| {
        letters[from..].iter().take_while(|letter| belongs(letter)).count()
    };
    let capitals = run(0, char::is_ascii_uppercase);
    let small = run(capitals, char::is_ascii_lowercase);
    let end = match (capitals, small) {
        // The plural of an acronym.
        (2.., 1) if letters[capitals] == 's' => capitals + 1,
        // The last capital starts the next word.
        (2.., 1..) => capitals - 1,
        _ => capitals + small,
    };
    (end + run(end, char::is_ascii_digit)).max(1)
}

/// Returns the singular of a word.
fn singular(word: &str) -> String {
    if let Some((_, singular)) = IRREGULAR.iter().find(|(plural, _)| *plural == word) {
        return (*singular).to_owned();
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    if ["sses", "xes", "ches", "shes"].iter().any(|ending| word.ends_with(ending)) {
        return word[..word.len() - 2].to_owned();
    }
    let is_plural = word.len() > 2 && !["ss", "us", "is"].iter().any(|ending| word.ends_with(ending));
    word.strip_suffix('s').filter(|_| is_plural).unwrap_or(word).to_owned()
}

#[cfg(test)]
mod tests {
    use super::OperationNoun;

    #[test]
    fn operation_names_fall_into_verb_and_noun() {
        for (operation, verb, noun) in [
            ("ListBuckets", "List", "bucket"),
            ("ListTagsForResource", "List", "tag"),
            ("DescribeDBClusterSnapshotAttributes", "Describe", "db cluster snapshot attribute"),
            ("ListWebACLs", "List", "web acl"),
            ("GetRestApis", "Get", "rest api"),
            ("ListObjectsV2", "List", "object"),
            ("DescribeLocationS3", "Describe", "location s3"),
            ("AdminListUserAuthEvents", "AdminList", "user auth event"),
            ("ListChannelsModeratedByAppInstanceUser", "List", "channel"),
            ("ListLakeFormationOptIns", "List", "lake formation opt in"),
            ("GetIdentityDkimAttributes", "Get", "identity dkim attribute"),
            ("DescribePolicies", "Describe", "policy"),
            ("ListIndices", "List", "index"),
            ("ListAddresses", "List", "address"),
            ("DescribeOrganizationConfigRuleStatuses", "Describe", "organization config rule status"),
            ("ListRoute53HealthChecks", "List", "route53 health check"),
            ("Query", "Query", ""),
        ] {
            let name = OperationNoun::of(operation);
            assert_eq!((name.verb, &*name.words.join(" ")), (verb, noun), "{operation}");
        }
    }

    #[test]
    fn head_is_the_last_word_or_pair_of_words() {
        let name = OperationNoun::of("ListRecoveryPointsByBackupVault");
        assert_eq!((name.head(), name.head_pair().as_deref()), ("point", Some("recovery-point")));
        let name = OperationNoun::of("ListJobs");
        assert_eq!((name.head(), name.head_pair()), ("job", None));
    }
}
