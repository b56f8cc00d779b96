//! "Did you mean" suggestions: the known names that are most similar to an unknown one.

use strsim::normalized_damerau_levenshtein;

/// The minimum similarity of a suggestion: one letter in three may differ.
const MIN_SIMILARITY: f64 = 0.65;
/// The maximum difference between the similarity of a suggestion and that of the best one.
const MARGIN: f64 = 0.08;
const MAX_SUGGESTIONS: usize = 3;
/// The maximum length of a name that suggestions are made for. A longer text is not a typo, and slow to compare:
/// the longest function name has about 80 letters.
const MAX_NAME_LENGTH: usize = 256;

/// Returns a suggestion of the most similar names, or an empty text: "; did you mean `Name`?"
pub(crate) fn did_you_mean<'name>(unknown: &str, known: impl IntoIterator<Item = &'name str>) -> String {
    suggestion(&rank(unknown, known, similarity))
}

/// Returns a suggestion like [`did_you_mean`] for functions, where a wrong verb is as likely as a typo:
/// `list_instances` is similar to `describe_instances`.
pub(crate) fn did_you_mean_function<'name>(
    unknown: &str,
    known: impl IntoIterator<Item = &'name str>,
) -> String {
    let noun = |function: &str| function.split_once('_').map(|(_, noun)| noun.to_owned());
    let unknown_noun = noun(unknown);
    suggestion(&rank(unknown, known, |unknown, name| {
        let nouns = unknown_noun.as_deref().zip(noun(name)).map_or(0.0, |(a, b)| similarity(a, &b));
        similarity(unknown, name).max(0.9 * nouns)
    }))
}

/// Returns the most similar names, the best first.
fn rank<'name>(
    unknown: &str,
    known: impl IntoIterator<Item = &'name str>,
    similarity: impl Fn(&str, &str) -> f64,
) -> Vec<&'name str> {
    if unknown.len() > MAX_NAME_LENGTH {
        return Vec::new();
    }
    let mut ranked: Vec<_> = known
        .into_iter()
        .map(|name| (similarity(unknown, name), name))
        .filter(|(similarity, _)| *similarity >= MIN_SIMILARITY)
        .collect();
    ranked.sort_by(|(left, left_name), (right, right_name)| {
        right.total_cmp(left).then_with(|| left_name.cmp(right_name))
    });
    let best = ranked.first().map_or(0.0, |(similarity, _)| *similarity);
    ranked
        .into_iter()
        .take_while(|(similarity, _)| best - similarity <= MARGIN)
        .take(MAX_SUGGESTIONS)
        .map(|(_, name)| name)
        .collect()
}

/// Returns the similarity of two names, from 0 (nothing in common) to 1 (equal except for case).
fn similarity(unknown: &str, name: &str) -> f64 {
    if unknown.eq_ignore_ascii_case(name) {
        return 1.0;
    }
    let (unknown, name) = (unknown.to_lowercase(), name.to_lowercase());
    let similarity = normalized_damerau_levenshtein(&unknown, &name);
    let (shorter, longer) = if unknown.len() < name.len() { (&unknown, &name) } else { (&name, &unknown) };
    // `buckets` for `list_buckets` and `Instance` for `InstanceIds` are incomplete rather than wrong.
    if shorter.len() >= 3 && longer.contains(shorter.as_str()) { similarity.max(0.7) } else { similarity }
}

fn suggestion(names: &[&str]) -> String {
    match names {
        [] => String::new(),
        [name] => format!("; did you mean `{name}`?"),
        [names @ .., last] => format!("; did you mean `{}` or `{last}`?", names.join("`, `")),
    }
}

#[cfg(test)]
mod tests {
    use super::{did_you_mean, did_you_mean_function};

    #[test]
    fn offers_the_name_that_was_meant() {
        let known = ["service", "function", "result_key", "parameters"];
        assert_eq!(did_you_mean("resultkey", known), "; did you mean `result_key`?");
        assert_eq!(did_you_mean("Service", known), "; did you mean `service`?");
        assert_eq!(did_you_mean("colour", known), "");
    }

    #[test]
    fn a_text_of_a_megabyte_is_near_to_nothing() {
        let long = "describe_instances".repeat(60_000);
        assert_eq!(did_you_mean(&long, ["describe_instances"]), "");
        assert_eq!(did_you_mean_function(&long, ["describe_instances"]), "");
    }

    #[test]
    fn a_wrong_verb_is_forgiven() {
        let known = ["describe_instances", "describe_instance_types", "describe_vpcs"];
        assert_eq!(did_you_mean_function("list_instances", known), "; did you mean `describe_instances`?");
        assert_eq!(did_you_mean_function("describe_instance", known), "; did you mean `describe_instances`?");
    }
}
