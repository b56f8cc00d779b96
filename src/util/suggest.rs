//! "Did you mean": the known names that are nearest to one that is not known.

use strsim::normalized_damerau_levenshtein;

/// How alike two names have to be: one letter in three may differ.
const ALIKE: f64 = 0.65;
/// Names this much worse than the best one are not worth mentioning.
const MARGIN: f64 = 0.08;
const MOST_NAMES: usize = 3;
/// What is longer is no slip for any name, and takes long to compare: the longest name of a function has 80
/// letters or so.
const LONGEST_NAME: usize = 256;

/// The half-sentence that offers the nearest names, or nothing: "; did you mean `Name`?"
pub(crate) fn did_you_mean<'name>(wanted: &str, known: impl IntoIterator<Item = &'name str>) -> String {
    offer(&rank(wanted, known, likeness))
}

/// As [`did_you_mean`] for functions, where the wrong verb is as likely as a slip of the finger:
/// `list_instances` is near to `describe_instances`.
pub(crate) fn did_you_mean_function<'name>(
    wanted: &str,
    known: impl IntoIterator<Item = &'name str>,
) -> String {
    let noun = |function: &str| function.split_once('_').map(|(_, noun)| noun.to_owned());
    let wanted_noun = noun(wanted);
    offer(&rank(wanted, known, |wanted, name| {
        let nouns = wanted_noun.as_deref().zip(noun(name)).map_or(0.0, |(a, b)| likeness(a, &b));
        likeness(wanted, name).max(0.9 * nouns)
    }))
}

/// The best of the names, best first.
fn rank<'name>(
    wanted: &str,
    known: impl IntoIterator<Item = &'name str>,
    likeness: impl Fn(&str, &str) -> f64,
) -> Vec<&'name str> {
    if wanted.len() > LONGEST_NAME {
        return Vec::new();
    }
    let mut ranked: Vec<_> = known
        .into_iter()
        .map(|name| (likeness(wanted, name), name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .collect();
    ranked.sort_by(|(left, left_name), (right, right_name)| {
        right.total_cmp(left).then_with(|| left_name.cmp(right_name))
    });
    let best = ranked.first().map_or(0.0, |(likeness, _)| *likeness);
    ranked
        .into_iter()
        .take_while(|(likeness, _)| best - likeness <= MARGIN)
        .take(MOST_NAMES)
        .map(|(_, name)| name)
        .collect()
}

/// From 0 (nothing in common) to 1 (equal but for case).
fn likeness(wanted: &str, name: &str) -> f64 {
    if wanted.eq_ignore_ascii_case(name) {
        return 1.0;
    }
    let (wanted, name) = (wanted.to_lowercase(), name.to_lowercase());
    let likeness = normalized_damerau_levenshtein(&wanted, &name);
    let (shorter, longer) = if wanted.len() < name.len() { (&wanted, &name) } else { (&name, &wanted) };
    // `buckets` for `list_buckets` and `Instance` for `InstanceIds` are forgetful, not wrong.
    if shorter.len() >= 3 && longer.contains(shorter.as_str()) { likeness.max(0.7) } else { likeness }
}

fn offer(names: &[&str]) -> String {
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
