//! Reads the items of a result one at a time from a stream of JSON.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// The path of items in a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ItemPath {
    /// The member names; empty for the result itself.
    pub(super) path: Vec<String>,
    /// Whether the value is one item, even if it is a list.
    pub(super) as_one: bool,
}

impl ItemPath {
    /// Returns the path of the result itself.
    pub(super) fn here() -> Self {
        Self { path: Vec::new(), as_one: false }
    }
}

/// A callback that gets an item, and the index of its path.
pub(super) type TakeResultItem<'take, E> = dyn FnMut(usize, Value) -> Result<(), E> + 'take;

/// An error while reading items.
pub(super) enum ItemsError<J, E> {
    /// The JSON is not a valid result.
    Json(J),
    /// The callback stopped with an error.
    Taken(E),
}

/// Calls `take` with the items of a result as they are read. A list has its elements as items, any other
/// value is one item, and null is none.
pub(super) fn read<'de, D: Deserializer<'de>, E>(
    result: D,
    places: &[ItemPath],
    take: &mut TakeResultItem<'_, E>,
) -> Result<(), ItemsError<D::Error, E>> {
    let mut reading = ItemsReader { take, stopped: None };
    let places = places.iter().enumerate().map(|(index, place)| (index, &*place.path, place.as_one));
    let within = Within { places: places.collect(), reading: &mut reading };
    let outcome = within.deserialize(result);
    match (reading.stopped, outcome) {
        (Some(error), _) => Err(ItemsError::Taken(error)),
        (None, outcome) => outcome.map_err(ItemsError::Json),
    }
}

struct ItemsReader<'take, 'items, E> {
    take: &'take mut TakeResultItem<'items, E>,
    /// The error of the callback: errors of the deserializer can only have text.
    stopped: Option<E>,
}

impl<E> ItemsReader<'_, '_, E> {
    fn take<J: Error>(&mut self, place: usize, item: Value) -> Result<(), J> {
        if item.is_null() {
            return Ok(());
        }
        (self.take)(place, item).map_err(|error| {
            self.stopped = Some(error);
            J::custom("the callback stopped")
        })
    }
}

/// A value that contains items: the indices of their paths, and the remaining members of the paths.
struct Within<'a, 'take, 'items, E> {
    places: Vec<(usize, &'a [String], bool)>,
    reading: &'a mut ItemsReader<'take, 'items, E>,
}

impl<'de, E> DeserializeSeed<'de> for Within<'_, '_, '_, E> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.places.iter().find(|(_, path, _)| path.is_empty()) {
            Some((place, _, true)) => {
                let item = serde::Deserialize::deserialize(deserializer)?;
                self.reading.take(*place, item)
            }
            Some((place, _, false)) => {
                deserializer.deserialize_any(Items { place: *place, reading: self.reading })
            }
            None => deserializer.deserialize_any(self),
        }
    }
}

/// Follows the members of the paths to items.
impl<'de, E> Visitor<'de> for Within<'_, '_, '_, E> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a response")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            let places: Vec<_> = self
                .places
                .iter()
                .filter(|(_, path, _)| path.first() == Some(&name))
                .map(|(place, path, as_one)| (*place, &path[1..], *as_one))
                .collect();
            if places.is_empty() {
                members.next_value::<IgnoredAny>()?;
            } else {
                members.next_value_seed(Within { places, reading: &mut *self.reading })?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_bool<J: Error>(self, _: bool) -> Result<(), J> {
        Ok(())
    }

    fn visit_i64<J: Error>(self, _: i64) -> Result<(), J> {
        Ok(())
    }

    fn visit_u64<J: Error>(self, _: u64) -> Result<(), J> {
        Ok(())
    }

    fn visit_f64<J: Error>(self, _: f64) -> Result<(), J> {
        Ok(())
    }

    fn visit_str<J: Error>(self, _: &str) -> Result<(), J> {
        Ok(())
    }

    fn visit_unit<J: Error>(self) -> Result<(), J> {
        Ok(())
    }
}

/// Reads the items at the end of a path.
struct Items<'a, 'take, 'items, E> {
    place: usize,
    reading: &'a mut ItemsReader<'take, 'items, E>,
}

impl<'de, E> Visitor<'de> for Items<'_, '_, '_, E> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list, or a single item")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element()? {
            self.reading.take(self.place, item)?;
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut item = Map::new();
        while let Some((name, value)) = members.next_entry()? {
            item.insert(name, value);
        }
        // An empty response has no items.
        if item.is_empty() { Ok(()) } else { self.reading.take(self.place, Value::Object(item)) }
    }

    fn visit_bool<J: Error>(self, value: bool) -> Result<(), J> {
        self.reading.take(self.place, value.into())
    }

    fn visit_i64<J: Error>(self, value: i64) -> Result<(), J> {
        self.reading.take(self.place, value.into())
    }

    fn visit_u64<J: Error>(self, value: u64) -> Result<(), J> {
        self.reading.take(self.place, value.into())
    }

    fn visit_f64<J: Error>(self, value: f64) -> Result<(), J> {
        self.reading.take(self.place, value.into())
    }

    fn visit_str<J: Error>(self, value: &str) -> Result<(), J> {
        self.reading.take(self.place, value.into())
    }

    fn visit_unit<J: Error>(self) -> Result<(), J> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{ItemPath, ItemsError, read};

    /// The error with which the callback stops.
    #[derive(Debug)]
    struct Enough;

    fn place(path: &[&str], as_one: bool) -> ItemPath {
        ItemPath { path: path.iter().map(|name| (*name).to_owned()).collect(), as_one }
    }

    fn items(result: &Value, places: &[ItemPath]) -> Vec<(usize, Value)> {
        let mut items = Vec::new();
        let text = result.to_string();
        let mut reader = serde_json::Deserializer::from_reader(text.as_bytes());
        let outcome = read(&mut reader, places, &mut |place, item| {
            items.push((place, item));
            Ok::<(), Enough>(())
        });
        assert!(outcome.is_ok(), "{result}");
        items
    }

    #[test]
    fn a_list_gives_its_items_and_anything_else_is_one() {
        let here = [place(&[], false)];
        assert_eq!(
            items(&json!([{"a": 1}, "b", 2]), &here),
            [(0, json!({"a": 1})), (0, json!("b")), (0, json!(2))]
        );
        assert_eq!(items(&json!({"a": [1]}), &here), [(0, json!({"a": [1]}))]);
        assert_eq!(items(&json!("text"), &here), [(0, json!("text"))]);
        for nothing in [json!(null), json!([]), json!({})] {
            assert!(items(&nothing, &here).is_empty(), "{nothing}");
        }
    }

    #[test]
    fn a_list_that_belongs_together_is_one_item() {
        assert_eq!(items(&json!([1, 2]), &[place(&[], true)]), [(0, json!([1, 2]))]);
    }

    #[test]
    fn lists_are_found_inside_of_an_answer() {
        let answer = json!({
            "Owner": "me", "Users": [1, 2], "Other": [{"Users": [9]}], "List": {"Items": [3], "Quantity": 1},
        });
        let places = [place(&["Users"], false), place(&["List", "Items"], false)];
        assert_eq!(items(&answer, &places), [(0, json!(1)), (0, json!(2)), (1, json!(3))]);
        assert!(items(&json!({"List": null, "Users": null}), &places).is_empty());
        for other in [json!([1]), json!("text"), json!(1), json!(-1), json!(1.5), json!(true), json!(null)] {
            assert!(items(&other, &places).is_empty(), "{other}");
        }
    }

    #[test]
    fn item_reader_stops_on_error_of_consumer() {
        let mut taken = 0;
        let outcome = read(json!([1, 2, 3]), &[place(&[], false)], &mut |_, _| {
            taken += 1;
            Err(Enough)
        });
        assert!(matches!(outcome, Err(ItemsError::Taken(Enough))));
        assert_eq!(taken, 1);
    }
}
