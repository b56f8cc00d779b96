//! Request quotas that AWS states in the documentation of an operation: "no more than once per second".

use std::num::NonZeroU16;

/// Words for numbers.
const NUMBERS: [&str; 11] =
    ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/// Words for what is counted.
const UNITS: [&str; 7] = ["call", "calls", "request", "requests", "times", "transaction", "transactions"];

/// Words in sentences about the quota of a single resource, which an account has many of.
const RESOURCES: [&str; 3] = ["shard", "stream", "user"];

/// Returns the maximum number of requests per second that an account may send in a region, according to the
/// documentation of the operation in botocore's model (HTML); `None` if it states none.
pub(super) fn stated_rate(documentation: &str) -> Option<NonZeroU16> {
    let text = without_tags(documentation);
    text.split(". ").find_map(|sentence| {
        let words: Vec<String> = sentence
            .split_whitespace()
            .map(|word| word.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase())
            .collect();
        let mut rates = words.iter().enumerate().filter_map(|(index, word)| {
            let (rate, rest) = (number(word)?, &words[index + 1..]);
            let rest = per_second(rest)?;
            let is_of_account = rest.starts_with(&["per".to_owned(), "account".to_owned()])
                && rest.get(2).is_none_or(|word| word != "per");
            let is_of_resource = words.iter().any(|word| RESOURCES.contains(&&**word));
            (is_of_account || !is_of_resource).then_some(rate)
        });
        rates.next()
    })
}

/// Returns the words after "times per second" or "TPS".
fn per_second(words: &[String]) -> Option<&[String]> {
    let words = match words {
        [unit, rest @ ..] if UNITS.contains(&&**unit) => rest,
        _ => words,
    };
    match words {
        [tps, rest @ ..] if tps == "tps" => Some(rest),
        [per, second, rest @ ..] if per == "per" && second == "second" => Some(rest),
        _ => None,
    }
}

fn number(word: &str) -> Option<NonZeroU16> {
    let word = if word == "once" { "one" } else { word };
    let named = NUMBERS.iter().position(|name| *name == word).and_then(|number| u16::try_from(number).ok());
    NonZeroU16::new(named.or_else(|| word.parse().ok())?)
}

fn without_tags(html: &str) -> String {
    let mut is_tag = false;
    let text = html.chars().map(|letter| match letter {
        '<' => {
            is_tag = true;
            ' '
        }
        '>' if is_tag => {
            is_tag = false;
            ' '
        }
        _ if is_tag => ' ',
        letter => letter,
    });
    text.collect()
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU16;

    use super::stated_rate;

    /// Sentences of botocore 1.43.11.
    #[test]
    fn sentences_about_rates_are_understood() {
        for (text, rate) in [
            ("<p>You can execute this operation no more than once per second.</p>", Some(1)),
            ("This operation is throttled at one request per second and can only get attributes", Some(1)),
            ("You can call <code>DescribeBackup</code> at a maximum rate of 10 times per second.", Some(10)),
            ("You can call <code>ListBackups</code> a maximum of five times per second.", Some(5)),
            ("You can use this action up to 10 times per second, per account.", Some(10)),
            ("The rate of lookup requests is limited to two per second, per account, per Region.", Some(2)),
            ("This action is throttled at 30 transactions per second (TPS).</p> <p>More.", Some(30)),
            ("The name. This operation has a limit of 25 transactions per second, after which", Some(25)),
            ("Limited to 5 TPS per user and 25 TPS per account.", Some(25)),
            (
                "no more than 16 times per second, and with at most 160 queries from the batches per second",
                Some(16),
            ),
            ("This operation has a limit of five transactions per second per account.", Some(5)),
        ] {
            assert_eq!(stated_rate(text).map(NonZeroU16::get), rate, "{text}");
        }
    }

    #[test]
    fn other_rates_are_not_quotas_of_accounts() {
        for text in [
            "This operation has a limit of 1000 transactions per second per data stream.",
            "<code>GetShardIterator</code> has a limit of five transactions per second per account per open shard.",
            "Each shard can read up to 2 MiB per second.",
            "TPS over 5 will initiate an error.",
            "The maximum number of requests you're allowed to make with insights is 1 query per second.",
            "If more than 10,000 addresses exceed the rate limit, they are blocked.",
            "No rate at all.",
        ] {
            assert_eq!(stated_rate(text), None, "{text}");
        }
    }
}
