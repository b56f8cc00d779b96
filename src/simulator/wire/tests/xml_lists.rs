//! Lists in XML: the scanner reads documents as AWS writes them, and agrees with the decoder about any other.

use std::fmt::Write as _;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::lists::{each_list, start_of};
use super::random::Random;
use crate::model::catalog::Protocol;
use crate::model::protocol::{decode_listing, is_scanned};

/// The number of changed documents for each list.
const ROUNDS: usize = 100;

/// Texts that do not fit the model, or need care.
const ODD_TEXTS: [&str; 23] = [
    "",
    " ",
    "-",
    "-0",
    "007",
    "0",
    "-5",
    "1e3",
    "true",
    "TRUE",
    "1",
    "2026-02-30T00:00:00Z",
    "2026-02-28T00:00:00Z",
    "2026-02-28T00:00:00.000Z",
    "99999999999999999999",
    "a &amp; b &lt; c",
    "&#65;",
    "&unknown;",
    "a\r\nb",
    "\u{e9}\u{1f980}",
    "quote \" backslash \\",
    "]]>",
    "tab\tand\nline",
];

/// What may stand between elements although AWS does not write it.
const ODD_NODES: [&str; 8] = [
    "<!-- a comment -->",
    "<![CDATA[text]]>",
    "text",
    "<?target data?>",
    " \n ",
    "<unknown><a>1</a><a/></unknown>",
    "<unknown/>",
    "<ns:unknown>1</ns:unknown>",
];

/// An element of a document that is being changed.
#[derive(Clone)]
struct XmlElement {
    start: String,
    end: String,
    nodes: Vec<XmlNode>,
}

#[derive(Clone)]
enum XmlNode {
    Element(XmlElement),
    Text(String),
}

#[test]
fn scanner_reads_lists_as_aws_writes_them() {
    let (mut scanned, mut lists) = (0, 0);
    each_list(is_xml, &mut Random(0x11575), |_, service, operation, requested, body| {
        lists += 1;
        scanned += usize::from(is_scanned(service, operation, body.as_bytes(), requested));
    });
    assert!(lists > 600, "{lists}");
    // Random answers lack a quarter of their lists.
    assert!(scanned * 10 > lists * 7, "{scanned} of {lists}");
}

#[test]
fn scanner_agrees_with_decoder_about_changed_documents() {
    let (mut documents, mut scanned) = (0, 0);
    let mut wrong = Vec::new();
    each_list(is_xml, &mut Random(0xd0c5), |random, service, operation, requested, body| {
        let (declaration, root) = parse(body);
        for _ in 0..ROUNDS {
            let mut changed = root.clone();
            for _ in 0..=random.below(3) {
                change(&mut changed, random);
            }
            let mut text = String::new();
            write(&mut text, &XmlNode::Element(changed));
            if random.below(40) == 0 {
                text.truncate(start_of(&text, random).len());
            }
            let read = |document: String| {
                let headers: &[(String, String)] = &[];
                decode_listing(service, operation, 200, headers, document.as_bytes(), requested).ok()
            };
            documents += 1;
            scanned += usize::from(is_scanned(service, operation, text.as_bytes(), requested));
            // The scanner leaves a document with a comment in front to the decoder.
            let (found, expected) = (read(format!("{declaration}{text}")), read(format!("<!-- -->{text}")));
            if found != expected {
                wrong.push(format!("{} {}: {text}\n{found:?}\n{expected:?}", service.name, operation.name));
            }
        }
    });
    assert!(wrong.is_empty(), "{} of {documents}:\n{}", wrong.len(), wrong[..wrong.len().min(3)].join("\n"));
    assert!(documents > 60_000 && scanned * 4 > documents, "{scanned} of {documents}");
}

fn is_xml(protocol: &Protocol) -> bool {
    matches!(protocol, Protocol::Query | Protocol::Ec2 | Protocol::RestXml)
}

/// Makes one change somewhere in a document.
fn change(element: &mut XmlElement, random: &mut Random) {
    let children = element.nodes.iter().filter(|node| matches!(node, XmlNode::Element(_))).count();
    if children > 0 && random.below(4) > 0 {
        let chosen = random.below(children);
        let mut elements = element.nodes.iter_mut().filter_map(|node| match node {
            XmlNode::Element(element) => Some(element),
            XmlNode::Text(_) => None,
        });
        return change(elements.nth(chosen).expect("a child"), random);
    }
    let count = element.nodes.len();
    let at = random.below(count + 1);
    match random.below(12) {
        0 if count > 0 => element.nodes.insert(at, element.nodes[random.below(count)].clone()),
        1 if count > 0 => drop(element.nodes.remove(at.min(count - 1))),
        2 => element.nodes.reverse(),
        3 => element.nodes.insert(at, XmlNode::Text(ODD_NODES[random.below(ODD_NODES.len())].to_owned())),
        4 if random.below(4) == 0 => element.start = format!("ns:{}", element.start),
        5 if random.below(4) == 0 => element.start.push_str(" a=\"b>c\""),
        6 if random.below(4) == 0 => element.end.push('x'),
        7 => element.nodes.clear(),
        8 => {
            let nodes = std::mem::take(&mut element.nodes);
            let blank = || XmlNode::Text("\n  ".to_owned());
            element.nodes = nodes.into_iter().flat_map(|node| [blank(), node]).chain([blank()]).collect();
        }
        _ => element.nodes = vec![XmlNode::Text(ODD_TEXTS[random.below(ODD_TEXTS.len())].to_owned())],
    }
}

/// Parses a document into its declaration and its root element.
fn parse(document: &str) -> (String, XmlElement) {
    let start = document.find("<?xml").map_or(0, |_| document.find("?>").expect("an end") + 2);
    let mut reader = Reader::from_str(&document[start..]);
    let mut open = vec![XmlElement { start: String::new(), end: String::new(), nodes: Vec::new() }];
    loop {
        let position = usize::try_from(reader.buffer_position()).expect("small");
        let event = reader.read_event().expect("XML");
        let raw =
            &document[start + position..start + usize::try_from(reader.buffer_position()).expect("small")];
        match event {
            Event::Start(_) => {
                let tag = raw[1..raw.len() - 1].to_owned();
                let name = tag.split(' ').next().expect("a name").to_owned();
                open.push(XmlElement { start: tag, end: name, nodes: Vec::new() });
            }
            Event::End(_) => {
                let element = open.pop().expect("an element");
                open.last_mut().expect("its parent").nodes.push(XmlNode::Element(element));
            }
            Event::Eof => break,
            _ => open.last_mut().expect("an element").nodes.push(XmlNode::Text(raw.to_owned())),
        }
    }
    let root = open.remove(0).nodes.into_iter().find_map(|node| match node {
        XmlNode::Element(element) => Some(element),
        XmlNode::Text(_) => None,
    });
    (document[..start].to_owned(), root.expect("a root element"))
}

fn write(text: &mut String, node: &XmlNode) {
    match node {
        XmlNode::Text(raw) => text.push_str(raw),
        XmlNode::Element(XmlElement { start, end, nodes }) if nodes.is_empty() && start == end => {
            let _ = write!(text, "<{start}/>");
        }
        XmlNode::Element(XmlElement { start, end, nodes }) => {
            let _ = write!(text, "<{start}>");
            for node in nodes {
                write(text, node);
            }
            let _ = write!(text, "</{end}>");
        }
    }
}
