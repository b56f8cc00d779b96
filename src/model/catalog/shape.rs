//! Shapes: what the values of an API look like, as botocore's models describe them.
//!
//! Traits that botocore writes on a shape and on a reference to it are merged while the catalog is
//! built (the reference wins, as in `botocore/model.py`), so that a [`ShapeReference`] is all that an
//! encoder or decoder needs to look at.

use serde::{Deserialize, Serialize};

/// Where a shape stands in [`Service::shapes`](super::Service::shapes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ShapeId(pub u32);

/// One shape of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shape {
    /// Whether the model marks every value of this shape as sensitive.
    pub sensitive: bool,
    /// What the values are.
    pub kind: ShapeKind,
}

/// The kinds of values that AWS's APIs know.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ShapeKind {
    /// Named members.
    Structure(Structure),
    /// A sequence of values of one shape.
    List(ListShape),
    /// String keys to values of one shape.
    Map(Map),
    /// Text.
    String,
    /// A 32-bit integer, with the largest value the model allows.
    Integer {
        /// The model's `max`, which for page sizes is the largest page the service gives.
        max: Option<i64>,
    },
    /// A 64-bit integer, with the largest value the model allows.
    Long {
        /// The model's `max`.
        max: Option<i64>,
    },
    /// A single-precision number.
    Float,
    /// A double-precision number.
    Double,
    /// True or false.
    Boolean,
    /// Bytes.
    Blob,
    /// A moment; its format on the wire stands in [`ShapeReference::timestamp_format`].
    Timestamp,
    /// Free-form JSON (`"document": true` in the models).
    Document,
}

/// A structure's members, in the order of the model, which is the order of boto3's answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Structure {
    /// The members.
    pub members: Vec<Member>,
    /// Indices of the members of an answer's body, sorted by [`Member::wire_name`], for binary
    /// search.
    pub by_wire_name: Vec<u16>,
    /// Exactly one member is set.
    pub union: bool,
    /// The member that is the whole HTTP body, if one is.
    pub payload: Option<u16>,
    /// Answers are an event stream, which this program does not read.
    pub event_stream: bool,
}

/// A list's elements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListShape {
    /// The elements.
    pub member: ShapeReference,
    /// The list shape itself is marked flattened (the referring member may be, too).
    pub flattened: bool,
    /// Null elements are kept.
    pub sparse: bool,
}

/// A map's keys and values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Map {
    /// The keys, always text.
    pub key: ShapeReference,
    /// The values.
    pub value: ShapeReference,
    /// The map shape itself is marked flattened (the referring member may be, too).
    pub flattened: bool,
    /// Null values are kept.
    pub sparse: bool,
}

/// A use of a shape, with the traits that hold for this use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShapeReference {
    /// The shape that is used.
    pub shape: ShapeId,
    /// botocore's `locationName`.
    pub location_name: Option<Box<str>>,
    /// botocore's `queryName` (ec2 requests).
    pub query_name: Option<Box<str>>,
    /// The list or map has no element of its own around its entries.
    pub flattened: bool,
    /// A string that carries JSON.
    pub json_value: bool,
    /// An XML attribute of the enclosing element.
    pub xml_attribute: bool,
    /// The XML namespace to declare on the element.
    pub xml_namespace: Option<XmlNamespace>,
    /// How timestamps are written; `None` means the protocol's default.
    pub timestamp_format: Option<TimestampFormat>,
    /// The body is handed over as it comes, without a length known in advance.
    pub streaming: bool,
}

/// A member of a structure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// botocore's name for it, which is the key in boto3's answers.
    pub name: Box<str>,
    /// The name in an answer's body where it differs from `name`
    /// (`botocore/parsers.py`, `_member_key_name`); empty where another member bears it.
    pub response_name: Option<Box<str>>,
    /// Where in an HTTP message it travels.
    pub location: Location,
    /// A request without it is refused.
    pub required: bool,
    /// botocore fills it with a random UUID when it is absent.
    pub idempotency_token: bool,
    /// Its value is a part of the host name.
    pub host_label: bool,
    /// The endpoint rule parameter that takes its value.
    pub context_parameter: Option<Box<str>>,
    /// Its shape and traits.
    pub reference: ShapeReference,
}

/// Where a member travels in an HTTP message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Location {
    /// In the body.
    Body,
    /// In the path of the URI.
    Uri,
    /// In the query string.
    QueryString,
    /// In one header.
    Header,
    /// In all headers that start with `location_name`.
    Headers,
    /// The HTTP status itself.
    StatusCode,
}

/// An XML namespace declaration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct XmlNamespace {
    /// The prefix, if the declaration has one.
    pub prefix: Option<Box<str>>,
    /// The namespace's URI.
    pub uri: Box<str>,
}

/// How a timestamp is written on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimestampFormat {
    /// `2026-11-21T22:10:05Z`
    Iso8601,
    /// `Sat, 21 Nov 2026 22:10:05 GMT`
    Rfc822,
    /// Seconds since 1970, with a fraction.
    UnixTimestamp,
}

impl Member {
    /// The member's name in the body of an answer.
    #[must_use]
    pub fn wire_name(&self) -> &str {
        self.response_name.as_deref().unwrap_or(&self.name)
    }

    /// The member's name in a request: `locationName`, else its own.
    #[must_use]
    pub fn location_name(&self) -> &str {
        self.reference.location_name.as_deref().unwrap_or(&self.name)
    }
}

impl Structure {
    /// The member with botocore's name `name`, and its index.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<(usize, &Member)> {
        self.members.iter().enumerate().find(|(_, member)| &*member.name == name)
    }

    /// The index of the body member that an answer calls `wire_name`.
    #[must_use]
    pub fn index_by_wire_name(&self, wire_name: &str) -> Option<usize> {
        self.by_wire_name
            .binary_search_by(|&index| self.members[usize::from(index)].wire_name().cmp(wire_name))
            .ok()
            .map(|position| usize::from(self.by_wire_name[position]))
    }

    /// The member that is the whole HTTP body, if one is.
    #[must_use]
    pub fn payload_member(&self) -> Option<&Member> {
        self.payload.map(|index| &self.members[usize::from(index)])
    }
}
