//! Hint templates: the hint of one call, with its account, region and IAM actions replaced by those of all
//! calls of a group.
//!
//! Each hint in the ledger is about one call. Two calls have the same problem if their hints differ only in
//! these names, which are fields of the call's line. The ledger has no second text with placeholders: it would
//! repeat the hint in every line.
//!
//! The hint of a group is a text to read and to copy from: names that all calls share are written out, regions
//! after an option are listed, and a name that contains the ID of an account has an asterisk there.

use std::collections::BTreeSet;

use crate::run::{ASK_EVERYTHING_HINT, CallRecord};

/// Placeholders for names in a template. Hints never contain control characters.
const ACCOUNT: char = '\u{1}';
const ACCOUNT_ID: char = '\u{2}';
/// The ID of an account in an ARN or in the name of a role.
const PART_OF_NAME: char = '\u{3}';
const REGION: char = '\u{4}';
/// The region in the value of an option.
const REGIONS_OF_OPTION: char = '\u{5}';
const ACTIONS: char = '\u{6}';
const SERVICE: char = '\u{7}';

/// The option whose value is regions.
const OPTION: &str = "--exclude-regions ";

/// How many IAM actions are kept, and how many of them are listed.
const KEPT: usize = 64;
const NAMED: usize = 5;

/// A hint with placeholders instead of the names of one call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct HintTemplate(String);

/// The IAM actions of many hints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct HintActions {
    names: BTreeSet<String>,
    further: u64,
}

/// The names to fill into a hint.
pub(super) struct Subjects<'group> {
    /// The only account, if there is only one.
    pub(super) account: Option<&'group str>,
    pub(super) regions: &'group [String],
    /// The only service, if there is only one.
    pub(super) service: Option<&'group str>,
    pub(super) actions: &'group HintActions,
}

impl HintTemplate {
    /// Returns the template of a line's hint.
    pub(super) fn of(record: &CallRecord) -> Option<Self> {
        let hint = record.hint.as_deref()?;
        // Calls with the same problem may differ in whether they were sent.
        let lines: Vec<&str> = hint.lines().filter(|line| *line != ASK_EVERYTHING_HINT).collect();
        let hint = lines.join("\n");
        let text = match record.denied_actions.as_slice() {
            [] => hint,
            actions => hint.replace(&actions.join(" and "), &ACTIONS.to_string()),
        };
        let text = without_account(&text, record.account.as_str());
        let text = without_region(&text, &record.region);
        // Some services have the names of ordinary words: `account`, `support`.
        let text = text.replace(&format!(" {} in ", record.service), &format!(" {SERVICE} in "));
        (!text.is_empty()).then_some(Self(text))
    }

    /// Returns the hint's sentences for all calls of a group.
    pub(super) fn fill(&self, subjects: &Subjects<'_>) -> Vec<String> {
        self.0.lines().map(|line| fill(line, subjects)).collect()
    }
}

impl HintActions {
    pub(super) fn insert<'names>(&mut self, names: impl IntoIterator<Item = &'names String>) {
        for name in names {
            if self.names.len() < KEPT {
                self.names.insert(name.clone());
            } else if !self.names.contains(name) {
                self.further += 1;
            }
        }
    }

    pub(super) fn extend(&mut self, other: &Self) {
        self.insert(&other.names);
        self.further += other.further;
    }

    fn text(&self) -> String {
        let named: Vec<&str> = self.names.iter().take(NAMED).map(String::as_str).collect();
        let is_cut = self.names.len() > NAMED;
        match named.split_last() {
            None => "the action".to_owned(),
            Some(_) if is_cut => {
                let more = self.names.len() - NAMED;
                let or_more = if self.further > 0 { " or more" } else { "" };
                let noun = crate::util::plural::form(more, "other action");
                format!("{} and {more}{or_more} {noun}", named.join(", "))
            }
            Some((only, [])) => (*only).to_owned(),
            Some((last, others)) => format!("{} and {last}", others.join(", ")),
        }
    }
}

fn fill(line: &str, subjects: &Subjects<'_>) -> String {
    let account = subjects.account.map_or("each of these accounts".to_owned(), |id| format!("account {id}"));
    let region = if let [only] = subjects.regions { only } else { "each of these regions" };
    line.replace(ACCOUNT, &account)
        .replace(ACCOUNT_ID, subjects.account.unwrap_or("each of these accounts"))
        .replace(PART_OF_NAME, subjects.account.unwrap_or("*"))
        .replace(REGION, region)
        .replace(REGIONS_OF_OPTION, &subjects.regions.join(","))
        .replace(SERVICE, subjects.service.unwrap_or("each of these services"))
        .replace(ACTIONS, &subjects.actions.text())
}

fn without_account(text: &str, id: &str) -> String {
    if id.is_empty() {
        return text.to_owned();
    }
    let text = replace_words(text, &format!("account {id}"), |_| ACCOUNT);
    replace_words(&text, id, |_| ACCOUNT_ID).replace(id, &PART_OF_NAME.to_string())
}

fn without_region(text: &str, region: &str) -> String {
    replace_words(text, region, |before| if before.ends_with(OPTION) { REGIONS_OF_OPTION } else { REGION })
}

/// Replaces a name where it is a separate word, but not within a host name, an ARN or another name.
/// `placeholder` gets the text before it.
fn replace_words(text: &str, name: &str, placeholder: impl Fn(&str) -> char) -> String {
    if name.is_empty() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(position) = rest.find(name) {
        let (before, found) = rest.split_at(position);
        let after = &found[name.len()..];
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || "-_:/@".contains(letter);
        let joins = |mut letters: std::str::Chars<'_>| match letters.next() {
            Some('.') => letters.next().is_some_and(char::is_alphanumeric),
            Some(letter) => is_part(letter) && letter != ':',
            None => false,
        };
        out.push_str(before);
        let is_word = !out.ends_with(|letter| is_part(letter) || letter == '.') && !joins(after.chars());
        if is_word {
            out.push(placeholder(&out));
        } else {
            out.push_str(name);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{ASK_EVERYTHING_HINT, HintActions, HintTemplate, Subjects};
    use crate::names::AccountId;
    use crate::run::CallRecord;

    fn template(account: &str, region: &str, hint: &str, actions: &[&str]) -> (HintTemplate, HintActions) {
        let mut record = CallRecord::new(&AccountId::new(account), region, "rds", "list", "list");
        record.hint = Some(hint.to_owned());
        record.denied_actions = actions.iter().map(|action| (*action).to_owned()).collect();
        let mut actions = HintActions::default();
        actions.insert(&record.denied_actions);
        (HintTemplate::of(&record).expect("a hint"), actions)
    }

    fn hint(account: &str, action: &str) -> String {
        format!("allow {action} in the policies of role Audit in account {account}")
    }

    #[test]
    fn hints_that_differ_in_names_alone_are_the_same() {
        let denied = |account, region, action| template(account, region, &hint(account, action), &[action]);
        let (one, mut actions) = denied("111111111111", "eu-west-1", "rds:DescribeDBInstances");
        let (other, more) = denied("222222222222", "us-east-1", "rds:DescribeDBClusters");
        assert_eq!(one, other);
        actions.extend(&more);
        let regions = ["eu-west-1".to_owned(), "us-east-1".to_owned()];
        let subjects = Subjects { account: None, regions: &regions, service: Some("rds"), actions: &actions };
        assert_eq!(
            one.fill(&subjects),
            [
                "allow rds:DescribeDBClusters and rds:DescribeDBInstances in the policies of role Audit in each of \
              these accounts"
            ]
        );
    }

    #[test]
    fn a_hint_for_one_call_stays_as_it_is() {
        let two = ["s3:ListAllMyBuckets", "s3:ListBucket"];
        for (text, actions) in [
            (hint("111111111111", &two.join(" and ")), &two[..]),
            (
                "does account 111111111111 have a role Audit?\nmay arn:aws:iam::999999999999:user/me call \
                 sts:AssumeRole on arn:aws:iam::111111111111:role/Audit?"
                    .to_owned(),
                &[],
            ),
            (
                "check network, proxy and firewall for rds in eu-west-1; see \
                 https://sqs.eu-west-1.amazonaws.com"
                    .to_owned(),
                &[],
            ),
            (
                "allow it to 111111111111 and role scan-111111111111_x in account 111111111111: exclude it with \
                 --exclude-regions eu-west-1, or not"
                    .to_owned(),
                &[],
            ),
        ] {
            let (template, actions) = template("111111111111", "eu-west-1", &text, actions);
            let subjects = Subjects {
                account: Some("111111111111"),
                regions: &["eu-west-1".to_owned()],
                service: Some("rds"),
                actions: &actions,
            };
            assert_eq!(template.fill(&subjects).join("\n"), text);
        }
    }

    #[test]
    fn names_of_many_are_said_once() {
        let text = "does account 111111111111 have it? may I call sts:AssumeRole on \
                    arn:aws:iam::111111111111:role/Audit? is rds up in eu-west-1?";
        let (template, actions) = template("111111111111", "eu-west-1", text, &[]);
        let regions = ["eu-west-1".to_owned(), "us-east-1".to_owned()];
        let subjects = Subjects { account: None, regions: &regions, service: Some("rds"), actions: &actions };
        assert_eq!(
            template.fill(&subjects),
            [
                "does each of these accounts have it? may I call sts:AssumeRole on arn:aws:iam::*:role/Audit? is \
              rds up in each of these regions?"
            ]
        );
    }

    /// Values of options and names can be copied from the hint.
    #[test]
    fn names_and_options_of_many_stay_readable() {
        let text = "role scan-111111111111 in account 111111111111 is denied eu-west-1: exclude the region with \
                    --exclude-regions eu-west-1, or call 111111111111";
        let (template, actions) = template("111111111111", "eu-west-1", text, &[]);
        let regions = ["eu-west-1".to_owned(), "eu-west-3".to_owned()];
        let subjects = Subjects { account: None, regions: &regions, service: Some("rds"), actions: &actions };
        assert_eq!(
            template.fill(&subjects),
            [
                "role scan-* in each of these accounts is denied each of these regions: exclude the region with \
              --exclude-regions eu-west-1,eu-west-3, or call each of these accounts"
            ]
        );
    }

    #[test]
    fn whether_a_call_was_sent_makes_no_other_hint() {
        let text = "check the network";
        let (sent, _) = template("111111111111", "eu-west-1", text, &[]);
        let text = format!("{text}\n{ASK_EVERYTHING_HINT}");
        let (inferred, _) = template("111111111111", "eu-west-1", &text, &[]);
        assert_eq!(sent, inferred);
    }

    #[test]
    fn hint_names_first_of_many_actions() {
        let mut actions = HintActions::default();
        actions.insert(&(0..9).map(|number| format!("ec2:Describe{number}")).collect::<Vec<_>>());
        assert_eq!(
            actions.text(),
            "ec2:Describe0, ec2:Describe1, ec2:Describe2, ec2:Describe3, ec2:Describe4 and 4 other actions"
        );
    }
}
