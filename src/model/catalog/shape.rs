//! Shapes: the types of an API's values, as in botocore's models.
//!
//! Names are owned, unless a shape is only checked: then they are borrowed from the text of the catalog.
//!
//! Traits that botocore writes on a shape and on a reference to it are merged while the catalog is built (the
//! reference takes precedence, as in `botocore/model.py`), so that an encoder or decoder needs only a
//! [`ShapeReference`].

use serde::{Deserialize, Serialize};

/// The index of a shape in [`Service::shapes`](super::Service::shapes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ShapeId(pub u32);

/// One shape of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shape<Text = Box<str>> {
    /// Whether the model marks every value of this shape as sensitive.
    pub sensitive: bool,
    /// The kind of the values.
    pub kind: ShapeKind<Text>,
}

/// The kinds of values in AWS's APIs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ShapeKind<Text = Box<str>> {
    /// Named members.
    Structure(Structure<Text>),
    /// A sequence of values of one shape.
    List(ListShape<Text>),
    /// String keys to values of one shape.
    Map(Map<Text>),
    /// A string.
    String,
    /// A 32-bit integer, with the maximum value of the model.
    Integer {
        /// The model's `max`, which for page sizes is the maximum of the service.
        max: Option<i64>,
    },
    /// A 64-bit integer, with the maximum value of the model.
    Long {
        /// The model's `max`.
        max: Option<i64>,
    },
    /// A single-precision number.
    Float,
    /// A double-precision number.
    Double,
    /// A boolean.
    Boolean,
    /// Bytes.
    Blob,
    /// A timestamp; its wire format is in [`ShapeReference::timestamp_format`].
    Timestamp,
    /// Free-form JSON (`"document": true` in the models).
    Document,
}

/// A structure's members, in the order of the model, which is the order of boto3's responses.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Structure<Text = Box<str>> {
    /// The members.
    pub members: Vec<Member<Text>>,
    /// Indices of the members of a response body, sorted by [`Member::wire_name`], for binary search.
    pub by_wire_name: Vec<u16>,
    /// Whether the structure is a union: exactly one member is set.
    pub union: bool,
    /// The member that is the whole HTTP body, if one is.
    pub payload: Option<u16>,
    /// Whether responses are an event stream, which this program does not support.
    pub event_stream: bool,
}

/// A list's elements.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListShape<Text = Box<str>> {
    /// The elements.
    pub member: ShapeReference<Text>,
    /// Whether the list shape itself is marked flattened (the referring member may be as well).
    pub flattened: bool,
    /// Whether null elements are kept.
    pub sparse: bool,
}

/// A map's keys and values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Map<Text = Box<str>> {
    /// The keys, always strings.
    pub key: ShapeReference<Text>,
    /// The values.
    pub value: ShapeReference<Text>,
    /// Whether the map shape itself is marked flattened (the referring member may be as well).
    pub flattened: bool,
    /// Whether null values are kept.
    pub sparse: bool,
}

/// A reference to a shape, with the traits of this use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShapeReference<Text = Box<str>> {
    /// The referenced shape.
    pub shape: ShapeId,
    /// botocore's `locationName`.
    pub location_name: Option<Text>,
    /// botocore's `queryName` (ec2 requests).
    pub query_name: Option<Text>,
    /// Whether the list or map is flattened: no element encloses its entries.
    pub flattened: bool,
    /// Whether the string contains JSON.
    pub json_value: bool,
    /// Whether the value is an XML attribute of the enclosing element.
    pub xml_attribute: bool,
    /// The XML namespace to declare on the element.
    pub xml_namespace: Option<XmlNamespace<Text>>,
    /// The format of timestamps; `None` means the protocol's default.
    pub timestamp_format: Option<TimestampFormat>,
    /// Whether the body is streamed, without a length known in advance.
    pub streaming: bool,
}

/// A member of a structure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Member<Text = Box<str>> {
    /// botocore's name of the member, which is the key in boto3's responses.
    pub name: Text,
    /// The name in a response body where it differs from `name` (`botocore/parsers.py`, `_member_key_name`); empty
    /// where another member has that name.
    pub response_name: Option<Text>,
    /// The location in an HTTP message.
    pub location: Location,
    /// Whether the member is required in requests.
    pub required: bool,
    /// Whether botocore fills the member with a random UUID when it is absent.
    pub idempotency_token: bool,
    /// Whether the value is part of the host name.
    pub host_label: bool,
    /// The endpoint rule parameter that takes the value.
    pub context_parameter: Option<Text>,
    /// The shape and traits.
    pub reference: ShapeReference<Text>,
}

/// The location of a member in an HTTP message.
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
pub struct XmlNamespace<Text = Box<str>> {
    /// The prefix, if the declaration has one.
    pub prefix: Option<Text>,
    /// The namespace's URI.
    pub uri: Text,
}

/// The wire format of a timestamp.
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
    /// Returns the member's name in a response body.
    #[must_use]
    pub fn wire_name(&self) -> &str {
        self.response_name.as_deref().unwrap_or(&self.name)
    }

    /// Returns the member's name in a request: `locationName`, else its own name.
    #[must_use]
    pub fn location_name(&self) -> &str {
        self.reference.location_name.as_deref().unwrap_or(&self.name)
    }
}

impl Structure {
    /// Returns the member with botocore's name `name`, and its index.
    #[must_use]
    pub fn member(&self, name: &str) -> Option<(usize, &Member)> {
        self.members.iter().enumerate().find(|(_, member)| &*member.name == name)
    }

    /// Returns the index of the body member with the name `wire_name` in responses.
    #[must_use]
    pub fn index_by_wire_name(&self, wire_name: &str) -> Option<usize> {
        self.by_wire_name
            .binary_search_by(|&index| self.members[usize::from(index)].wire_name().cmp(wire_name))
            .ok()
            .map(|position| usize::from(self.by_wire_name[position]))
    }

    /// Returns the member that is the whole HTTP body, if there is one.
    #[must_use]
    pub fn payload_member(&self) -> Option<&Member> {
        self.payload.map(|index| &self.members[usize::from(index)])
    }
}
