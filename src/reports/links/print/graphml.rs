//! Links as `GraphML`.

use std::collections::BTreeSet;
use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::LinkPrintError;
use crate::reports::links::graph::{LinkEnd, LinkGraph, ResourceLink};

/// The attributes of nodes.
const NODE: [&str; 7] = ["service", "kind", "id", "arn", "name", "account", "region"];
/// The attributes of edges.
const EDGE: [&str; 2] = ["path", "link"];

/// Prints the links and their ends.
pub(super) fn print(
    graph: &LinkGraph,
    links: &[&ResourceLink],
    out: &mut dyn Write,
) -> Result<(), LinkPrintError> {
    let mut writer = Writer::new_with_indent(&mut *out, b' ', 1);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let ends: BTreeSet<LinkEnd> =
        links.iter().flat_map(|link| [LinkEnd::Resource(link.from), link.to]).collect();
    // Errors of reading pass through the writer, which only has errors of writing.
    let mut failed = None;
    let root =
        writer.create_element("graphml").with_attribute(("xmlns", "http://graphml.graphdrawing.org/xmlns"));
    root.write_inner_content(|writer| {
        for (of, names) in [("node", &NODE[..]), ("edge", &EDGE[..])] {
            for name in names {
                let key = writer.create_element("key");
                let attributes = [("id", *name), ("for", of), ("attr.name", *name), ("attr.type", "string")];
                key.with_attributes(attributes).write_empty()?;
            }
        }
        let inner = writer.create_element("graph").with_attribute(("edgedefault", "directed"));
        inner.write_inner_content(|writer| {
            for end in &ends {
                match graph.describe(*end) {
                    Ok(node) => {
                        let texts = [
                            Some(node.service),
                            Some(node.kind),
                            node.id,
                            node.arn,
                            node.name,
                            node.account,
                            node.region,
                        ];
                        element(writer, "node", &[("id", number(*end))], NODE.iter().zip(texts))?;
                    }
                    Err(error) => failed = Some(error),
                }
            }
            for link in links {
                let ends = [("source", number(LinkEnd::Resource(link.from))), ("target", number(link.to))];
                let texts = [graph.path(link), link.kind.as_str()].map(|text| Some(text.to_owned()));
                element(writer, "edge", &ends, EDGE.iter().zip(texts))?;
            }
            Ok(())
        })?;
        Ok(())
    })?;
    writeln!(out)?;
    failed.map_or(Ok(()), |error| Err(error.into()))
}

/// Returns the name of a node.
pub(super) fn number(end: LinkEnd) -> String {
    match end {
        LinkEnd::Resource(node) => format!("r{node}"),
        LinkEnd::Outside(node) => format!("x{node}"),
    }
}

fn element<'name, W: Write>(
    writer: &mut Writer<W>,
    name: &str,
    attributes: &[(&str, String)],
    data: impl Iterator<Item = (&'name &'name str, Option<String>)>,
) -> io::Result<()> {
    let attributes = attributes.iter().map(|(name, value)| (*name, value.as_str()));
    let element = writer.create_element(name).with_attributes(attributes);
    element.write_inner_content(|writer| {
        for (key, value) in data {
            let Some(value) = value.filter(|value| !value.is_empty()) else { continue };
            // XML has no control characters, not even escaped ones (section 2.2 of XML 1.0).
            let value: String = value.chars().filter(|letter| !letter.is_control()).collect();
            let data = writer.create_element("data").with_attribute(("key", *key));
            data.write_text_content(BytesText::new(&value))?;
        }
        Ok(())
    })?;
    Ok(())
}
