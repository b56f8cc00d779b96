//! What is written of a comparison: text, Markdown, a page, a document.

use std::collections::BTreeSet;
use std::fs;

use serde_json::{Value, json};

use super::Two;

/// A name that tries to be more than a name in everything that we write.
const HOSTILE: &str = "</li><script>alert(1)</script>`|\n@team \u{1b}[31m<img src=x onerror=alert(1)>";

/// Two runs, of which the new one has a volume with a hostile name and a hostile tag.
fn hostile() -> Two {
    let two = Two::same("ec2", &[]);
    two.edit("ec2", |file| {
        let volumes = file["describe_volumes"].as_array_mut().expect("volumes");
        volumes[0]["Tags"] = json!([{"Key": HOSTILE, "Value": HOSTILE}, {"Key": "Name", "Value": HOSTILE}]);
        let mut came = volumes[1].clone();
        came["VolumeId"] = json!(HOSTILE);
        volumes.push(came);
    });
    two
}

/// A page holds the changes, and nothing that a browser would run.
#[test]
fn html_diff_holds_changes_and_no_active_content() {
    let two = hostile();
    let run = two.diff(&["-f", "html", "-o", "diff.html"]);
    run.expect_exit(0).stdout_contains("1 added, 0 removed, 1 changed");
    let page = fs::read_to_string(two.sandbox.path("diff.html")).expect("a page");
    assert!(page.contains("&lt;script&gt;alert(1)"), "the name is shown");
    let (before, style) = page.split_once("<style>").expect("a style");
    let (_, after) = style.split_once("</style>").expect("its end");
    let mut open = Vec::new();
    for tag in format!("{before}{after}").split('<').skip(2) {
        let (tag, _) = tag.split_once('>').expect("the end of a tag");
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().expect("a name").to_owned();
        assert!(!["script", "img", "a", "link", "iframe", "form"].contains(&&*name), "<{tag}>");
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "<{tag}> closes something else");
        } else if name != "meta" {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
    assert!(page.contains("default-src 'none'"));
    assert!(!page.contains('\u{1b}') && !page.contains("http://") && !page.contains("https://"));
}

#[test]
fn markdown_shows_names_as_names() {
    let two = hostile();
    let text = two.diff(&["-f", "markdown"]).stdout;
    let bare: String = text.lines().flat_map(outside_of_code).collect();
    for markup in ["<", ">", "@team", "\u{1b}"] {
        assert!(!bare.contains(markup), "{markup} outside of code: {bare}");
    }
    assert!(text.contains("<img src=x"), "the name is shown");
}

/// The pieces of a line that are not in a code span.
fn outside_of_code(line: &str) -> Vec<String> {
    let mut outside = Vec::new();
    let mut rest = line;
    while let Some(start) = rest.find('`') {
        outside.push(rest[..start].to_owned());
        let fence = rest[start..].len() - rest[start..].trim_start_matches('`').len();
        let after = &rest[start + fence..];
        let closes = |(position, _): &(usize, &str)| {
            !after[..*position].ends_with('`') && !after[position + fence..].starts_with('`')
        };
        let fence_text = "`".repeat(fence);
        let (end, _) = after.match_indices(&fence_text).find(closes).expect("the end of the code");
        rest = &after[end + fence..];
    }
    outside.push(rest.to_owned());
    outside
}

/// Markdown is never too long for a comment, and reports how much is missing.
#[test]
fn markdown_diff_fits_comment_and_counts_rest() {
    let two = Two::same("ec2", &[]);
    two.edit("ec2", |file| {
        let volume = file["describe_volumes"][0].clone();
        let volumes = file["describe_volumes"].as_array_mut().expect("volumes");
        for number in 0..3000 {
            let mut came = volume.clone();
            came["VolumeId"] = json!(format!("vol-{number:017}"));
            volumes.push(came);
        }
    });
    let text = two.diff(&["-f", "markdown"]).stdout;
    assert!(text.chars().count() <= 65_536, "{}", text.len());
    assert!(text.chars().count() > 60_000, "{}", text.len());
    let shown = text.matches("- added").count();
    assert!(text.trim_end().ends_with(&format!(
        "**{} more changes are not shown: a GitHub comment holds at most 65536 characters.**",
        3000 - shown
    )));
}

#[test]
fn text_has_colours_only_where_they_are_wanted() {
    let two = hostile();
    let plain = two.diff(&[]);
    plain.expect_exit(0).stdout_contains("+ ec2 volume").stdout_contains("~ ec2 volume");
    assert!(!plain.stdout.contains('\u{1b}'), "no terminal, no colours, and no names that bring them");
    assert!(plain.stdout.contains("\\u001b[31m"));
    let sandbox = two.sandbox.env("CLICOLOR_FORCE", "1");
    let coloured = sandbox.run(["diff", "output/old", "output/new"]).stdout;
    assert!(coloured.contains("\u{1b}[32m+ ec2 volume"), "{coloured}");
    let sandbox = sandbox.env("CLICOLOR_FORCE", "").env("NO_COLOR", "1");
    assert!(!sandbox.run(["diff", "output/old", "output/new"]).stdout.contains('\u{1b}'));
    // The option takes precedence, also before the verb.
    let with_option = sandbox.run(["--color", "always", "diff", "output/old", "output/new"]).stdout;
    assert_eq!(with_option, coloured);
    let sandbox = sandbox.env("CLICOLOR_FORCE", "1").env("NO_COLOR", "");
    assert!(!sandbox.run(["diff", "output/old", "output/new", "--color=never"]).stdout.contains('\u{1b}'));
}

#[test]
fn every_member_of_the_document_is_described() {
    fn names(value: &Value, into: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    into.insert(name.clone());
                    // Values of fields and facts are whatever AWS answers.
                    if !["old", "new", "facts"].contains(&&**name)
                        || value.get("run").is_some()
                        || value.get("cause").is_some()
                    {
                        names(value, into);
                    }
                }
            }
            Value::Array(items) => items.iter().for_each(|item| names(item, into)),
            _ => {}
        }
    }
    let two = hostile();
    two.edit("ec2", |file| drop(file["describe_vpcs"].as_array_mut().expect("a list").pop()));
    two.deny("ec2", "describe_subnets");
    let mut all = BTreeSet::new();
    names(&two.json(&[]), &mut all);
    let formats = include_str!("../../../../docs/formats.md");
    let (_, section) = formats.split_once("\n## Comparisons\n").expect("the heading");
    let section = section.split("\n## ").next().expect("a section");
    for name in all {
        assert!(section.contains(&format!("| `{name}` |")), "docs/formats.md lacks {name}");
    }
}
