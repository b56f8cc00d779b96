//! Path templates of rest operations: `/{Bucket}/{Key+}?tagging`, matched against the path of a request.

use std::cmp::Ordering;

use percent_encoding::percent_decode_str;

/// A parsed `requestUri`.
#[derive(Debug)]
pub(in crate::simulator) struct UriTemplate {
    segments: Vec<Segment>,
    /// Pairs that must be in the query string; without a value, any value matches.
    fixed: Vec<(Box<str>, Option<Box<str>>)>,
}

/// One part of a path, in the order of preference if several templates match.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    /// A fixed text.
    Literal(Box<str>),
    /// One segment, the value of a member.
    Label(Box<str>),
    /// One segment or several, the value of a member.
    Greedy(Box<str>),
}

/// The values of a template's labels, percent-decoded, by the names in the template.
pub(in crate::simulator) type Labels<'template> = Vec<(&'template str, String)>;

impl UriTemplate {
    pub(in crate::simulator) fn parse(request_uri: &str) -> Self {
        let (path, query) = request_uri.split_once('?').unwrap_or((request_uri, ""));
        let segments = segments(path).map(|segment| match segment.strip_prefix('{') {
            Some(label) => match label.trim_end_matches('}') {
                label if label.ends_with('+') => Segment::Greedy(label.trim_end_matches('+').into()),
                label => Segment::Label(label.into()),
            },
            None => Segment::Literal(segment.into()),
        });
        let fixed = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| match pair.split_once('=') {
            Some((name, value)) => (name.into(), Some(value.into())),
            None => (pair.into(), None),
        });
        Self { segments: segments.collect(), fixed: fixed.collect() }
    }

    /// Returns whether a request's path and query string match the template.
    pub(super) fn matches(&self, path: &[&str], query: &[(String, String)]) -> bool {
        let has = |(name, value): &(Box<str>, Option<Box<str>>)| {
            query.iter().any(|(other, found)| {
                **name == *other && value.as_ref().is_none_or(|value| **value == *found)
            })
        };
        matches(&self.segments, path) && self.fixed.iter().all(has)
    }

    /// Returns the values of the labels in a path that matches.
    pub(in crate::simulator) fn labels<'template>(&'template self, path: &str) -> Labels<'template> {
        let mut labels = Vec::new();
        let path: Vec<_> = segments(path).collect();
        take_labels(&self.segments, &path, &mut labels);
        labels
    }

    /// Compares two templates that match the same request: the greater one is more specific.
    pub(super) fn compare(&self, other: &Self) -> Ordering {
        let rank = |template: &Self| template.segments.iter().map(Segment::rank).collect::<Vec<_>>();
        rank(self).cmp(&rank(other)).then(self.fixed.len().cmp(&other.fixed.len()))
    }
}

impl Segment {
    fn rank(&self) -> u8 {
        match self {
            Self::Literal(_) => 2,
            Self::Label(_) => 1,
            Self::Greedy(_) => 0,
        }
    }
}

/// Returns the segments of a path; a trailing slash is ignored.
pub(super) fn segments(path: &str) -> impl Iterator<Item = &str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    path.split('/').filter(move |_| !path.is_empty())
}

fn matches(template: &[Segment], path: &[&str]) -> bool {
    match (template.split_first(), path.split_first()) {
        (None, None) => true,
        (Some((Segment::Literal(text), template)), Some((segment, path))) => {
            **text == **segment && matches(template, path)
        }
        (Some((Segment::Label(_), template)), Some((segment, path))) => {
            !segment.is_empty() && matches(template, path)
        }
        (Some((Segment::Greedy(_), template)), Some(_)) => {
            // The segments after a greedy label have a fixed number.
            path.len() > template.len() && matches(template, &path[path.len() - template.len()..])
        }
        _ => false,
    }
}

fn take_labels<'template>(template: &'template [Segment], path: &[&str], labels: &mut Labels<'template>) {
    let (Some((first, template)), Some((segment, rest))) = (template.split_first(), path.split_first())
    else {
        return;
    };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    match first {
        Segment::Literal(_) => take_labels(template, rest, labels),
        Segment::Label(name) => {
            labels.push((name, decoded(segment)));
            take_labels(template, rest, labels);
        }
        Segment::Greedy(name) => {
            let end = path.len().saturating_sub(template.len());
            labels.push((name, decoded(&path[..end].join("/"))));
            take_labels(template, &path[end..], labels);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{UriTemplate, segments};

    fn matches(template: &str, path: &str, query: &[(&str, &str)]) -> bool {
        let query: Vec<_> =
            query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        UriTemplate::parse(template).matches(&segments(path).collect::<Vec<_>>(), &query)
    }

    #[test]
    fn a_path_matches_segment_by_segment() {
        assert!(matches("/2015-03-31/functions/", "/2015-03-31/functions", &[]));
        assert!(matches("/tags/{ResourceArn}", "/tags/arn%3Aaws%3As3", &[]));
        assert!(!matches("/tags/{ResourceArn}", "/tags", &[]));
        assert!(matches("/", "/", &[]));
        assert!(!matches("/", "/bucket", &[]));
    }

    #[test]
    fn fixed_parts_of_the_query_string_must_be_there() {
        assert!(matches("/{Bucket}?list-type=2", "/bucket", &[("list-type", "2"), ("prefix", "a")]));
        assert!(!matches("/{Bucket}?list-type=2", "/bucket", &[("list-type", "1")]));
        assert!(matches("/{Bucket}?location", "/bucket/", &[("location", "")]));
    }

    #[test]
    fn greedy_labels_take_what_fixed_parts_leave() {
        let template = UriTemplate::parse("/trustStores/{arn+}/certificates");
        let labels = template.labels("/trustStores/arn:aws:x/y%20z/certificates");
        assert_eq!(labels, [("arn", "arn:aws:x/y z".to_owned())]);
        assert!(!matches("/{Bucket}/{Key+}", "/bucket", &[]));
    }

    /// A literal is more specific than a label, and a label than a greedy one.
    #[test]
    fn path_template_prefers_literal_to_label_to_greedy() {
        let say_more = |left, right| UriTemplate::parse(left).compare(&UriTemplate::parse(right)).is_gt();
        assert!(say_more("/a/b", "/a/{x}"));
        assert!(say_more("/a/{x}", "/a/{x+}"));
        assert!(say_more("/{Bucket}?acl", "/{Bucket}"));
    }
}
