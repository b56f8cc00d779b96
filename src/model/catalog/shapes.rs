//! The shapes of a service, each read from the text of the catalog at its first use.
//!
//! A scan needs a few of them: of the 2,827 shapes of EC2, `DescribeInstances` has 104. All are checked when the
//! service is loaded, with names that are borrowed from the text, so that a damaged catalog is an error then.

use std::fmt;
use std::ops::Index;
use std::sync::{Arc, OnceLock};

use serde::{Serialize, Serializer};

use super::shape::{Shape, ShapeId, ShapeKind};

/// The shapes of a service, by [`ShapeId`].
#[derive(Clone, Default)]
pub struct Shapes {
    stored: Vec<StoredShape>,
    /// The text of the catalog from the first shape on: in postcard's format.
    text: Arc<[u8]>,
}

/// Where a shape is in the text; nowhere if it was not read from a catalog. It is there once it was used.
#[derive(Clone, Default)]
struct StoredShape {
    start: usize,
    shape: OnceLock<Box<Shape>>,
}

impl Shapes {
    /// Finds and checks the shapes at the start of a text, and returns what follows them.
    pub(super) fn take_from(text: &[u8]) -> Result<(Self, &[u8]), String> {
        let unread = |error: postcard::Error| error.to_string();
        let (count, first) = postcard::take_from_bytes::<usize>(text).map_err(unread)?;
        let mut rest = first;
        let mut stored = Vec::new();
        for _ in 0..count {
            stored.push(StoredShape { start: first.len() - rest.len(), shape: OnceLock::new() });
            let (shape, after) = postcard::take_from_bytes::<Shape<&str>>(rest).map_err(unread)?;
            check(&shape, count)?;
            rest = after;
        }
        let text = first[..first.len() - rest.len()].into();
        Ok((Self { stored, text }, rest))
    }

    /// Returns the number of shapes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.stored.len()
    }

    /// Returns whether there are no shapes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.stored.is_empty()
    }

    /// Checks that there is a shape with this ID.
    pub(super) fn check(&self, id: ShapeId) -> Result<(), String> {
        check_id(id, self.len())
    }

    /// Returns all shapes, in the order of their IDs. This reads all of them.
    pub fn iter(&self) -> impl Iterator<Item = &Shape> {
        self.stored.iter().map(|stored| self.shape(stored))
    }

    fn shape<'shapes>(&'shapes self, stored: &'shapes StoredShape) -> &'shapes Shape {
        stored.shape.get_or_init(|| {
            let shape = self.text.get(stored.start..).map(postcard::take_from_bytes);
            // The same text was read before; values of an unknown shape would be masked.
            let unknown = Shape { sensitive: true, kind: ShapeKind::Document };
            Box::new(shape.and_then(Result::ok).map_or(unknown, |(shape, _)| shape))
        })
    }

    /// Adds a shape, which has the ID of the former length.
    #[cfg(test)]
    pub(crate) fn push(&mut self, shape: Shape) {
        self.stored.push(shape.into());
    }

    /// Returns how many shapes have been used.
    #[cfg(test)]
    fn used(&self) -> usize {
        self.stored.iter().filter(|stored| stored.shape.get().is_some()).count()
    }
}

/// Checks that a shape refers to shapes and members that exist, so that a damaged catalog is an error instead of a
/// panic later.
fn check(shape: &Shape<&str>, count: usize) -> Result<(), String> {
    let exists = |id| check_id(id, count);
    match &shape.kind {
        ShapeKind::Structure(structure) => {
            structure.members.iter().try_for_each(|member| exists(member.reference.shape))?;
            let mut indices = structure.by_wire_name.iter().chain(&structure.payload);
            if indices.any(|&index| usize::from(index) >= structure.members.len()) {
                return Err("a member is missing".to_owned());
            }
            Ok(())
        }
        ShapeKind::List(list) => exists(list.member.shape),
        ShapeKind::Map(map) => exists(map.key.shape).and_then(|()| exists(map.value.shape)),
        _ => Ok(()),
    }
}

fn check_id(id: ShapeId, count: usize) -> Result<(), String> {
    if (id.0 as usize) < count { Ok(()) } else { Err(format!("shape {} is missing", id.0)) }
}

impl Index<ShapeId> for Shapes {
    type Output = Shape;

    fn index(&self, id: ShapeId) -> &Shape {
        self.shape(&self.stored[id.0 as usize])
    }
}

impl From<Shape> for StoredShape {
    fn from(shape: Shape) -> Self {
        Self { start: 0, shape: OnceLock::from(Box::new(shape)) }
    }
}

impl From<Vec<Shape>> for Shapes {
    fn from(shapes: Vec<Shape>) -> Self {
        Self { stored: shapes.into_iter().map(StoredShape::from).collect(), text: Arc::default() }
    }
}

impl PartialEq for Shapes {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl fmt::Debug for Shapes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

impl Serialize for Shapes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::Shapes;
    use crate::model::catalog::{Catalog, ListShape, Shape, ShapeId, ShapeKind, ShapeReference};

    fn list_of(shape: u32) -> Shape {
        let member = ShapeReference {
            shape: ShapeId(shape),
            location_name: None,
            query_name: None,
            flattened: false,
            json_value: false,
            xml_attribute: false,
            xml_namespace: None,
            timestamp_format: None,
            streaming: false,
        };
        let list = ListShape { member, flattened: false, sparse: false };
        Shape { sensitive: false, kind: ShapeKind::List(list) }
    }

    fn written(shapes: Vec<Shape>) -> Vec<u8> {
        postcard::to_stdvec(&Shapes::from(shapes)).expect("writes")
    }

    #[test]
    fn shapes_are_read_at_their_first_use() {
        let shapes = vec![list_of(1), Shape { sensitive: true, kind: ShapeKind::String }, list_of(0)];
        let text = [&written(shapes.clone())[..], b"rest"].concat();
        let (read, rest) = Shapes::take_from(&text).expect("shapes");
        assert_eq!((read.len(), read.used(), rest), (3, 0, &b"rest"[..]));
        assert_eq!(read[ShapeId(1)], shapes[1]);
        assert_eq!(read.used(), 1);
        assert_eq!(read, Shapes::from(shapes), "all are those that were written");
    }

    #[test]
    fn reference_to_a_shape_that_does_not_exist_is_refused() {
        let result = |shapes| Shapes::take_from(&written(shapes)).map(|(shapes, _)| shapes.len());
        assert_eq!(result(vec![list_of(0), list_of(2)]), Err("shape 2 is missing".to_owned()));
        assert_eq!(result(vec![list_of(0), list_of(1)]), Ok(2));
    }

    #[test]
    fn truncated_shapes_are_refused() {
        let text = written(vec![list_of(1), list_of(0)]);
        for length in 0..text.len() {
            assert!(Shapes::take_from(&text[..length]).is_err(), "{length} bytes");
        }
    }

    /// A shape that could not be read a second time would be written as an unknown one.
    #[test]
    fn every_shape_of_every_service_can_be_read_again() {
        let catalog = Catalog::embedded().expect("opens");
        for entry in catalog.entries() {
            let shapes = catalog.read(entry).expect("loads").shapes;
            let written = postcard::to_stdvec(&shapes).expect("writes");
            assert!(written.ends_with(&shapes.text), "{}", entry.name);
            assert_eq!(shapes.used(), shapes.len());
        }
    }

    /// Loading checks the requests of all operations: it needs their structures, and no response's.
    #[test]
    fn loading_a_service_reads_the_structures_of_requests_only() {
        let catalog = Catalog::embedded().expect("opens");
        let ec2 = catalog.service("ec2").expect("loads").expect("exists");
        let requests = ec2.operations.iter().filter(|operation| operation.input.is_some()).count();
        assert!(ec2.shapes.used() <= requests, "{} of {} shapes", ec2.shapes.used(), ec2.shapes.len());
        assert!(requests * 4 < ec2.shapes.len(), "{requests} requests");
    }
}
