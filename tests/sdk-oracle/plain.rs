//! Typed values in the shape that the program writes: boto3's names, times in ISO 8601, absent ones omitted.

use std::collections::HashMap;

use aws_sdk_ec2::primitives::DateTime;
use serde_json::{Map, Value};

/// A value of a typed client, as it has to be in a result file.
pub(crate) trait Plain {
    /// The value, or nothing where the service returned nothing.
    fn plain(&self) -> Option<Value>;
}

/// Names the fields of structures, each with the member that it has to equal.
macro_rules! structure {
    ($type:ident { $($member:ident: $field:ident),+ $(,)? }) => {
        impl $crate::plain::Plain for $type {
            fn plain(&self) -> Option<serde_json::Value> {
                let members = [$((stringify!($member), $crate::plain::Plain::plain(&self.$field))),+];
                Some($crate::plain::object(members))
            }
        }
    };
}

/// Names the enumerations, which are text on the wire.
macro_rules! texts {
    ($($type:ident),+ $(,)?) => {
        $(impl $crate::plain::Plain for $type {
            fn plain(&self) -> Option<serde_json::Value> {
                Some(self.as_str().into())
            }
        })+
    };
}

pub(crate) use {structure, texts};

/// An object of the members that are there.
pub(crate) fn object<'a>(members: impl IntoIterator<Item = (&'a str, Option<Value>)>) -> Value {
    let present = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(present.collect::<Map<_, _>>())
}

macro_rules! as_json {
    ($($type:ty),+) => {
        $(impl Plain for $type {
            fn plain(&self) -> Option<Value> {
                Some(Value::from(self.clone()))
            }
        })+
    };
}

as_json!(bool, i32, i64, f64, String);

impl<Item: Plain> Plain for Option<Item> {
    fn plain(&self) -> Option<Value> {
        self.as_ref().and_then(Plain::plain)
    }
}

impl<Item: Plain> Plain for Vec<Item> {
    fn plain(&self) -> Option<Value> {
        Some(self.iter().filter_map(Plain::plain).collect())
    }
}

impl<Item: Plain> Plain for HashMap<String, Item> {
    fn plain(&self) -> Option<Value> {
        Some(object(self.iter().map(|(name, value)| (name.as_str(), value.plain()))))
    }
}

impl Plain for DateTime {
    fn plain(&self) -> Option<Value> {
        // Seconds as a float lose their last digits: Python rounds them to microseconds, and the typed
        // clients cut them off at nanoseconds.
        let nanos = i128::from(self.secs()) * 1_000_000_000 + i128::from(self.subsec_nanos());
        let micros = i64::try_from((nanos + 500).div_euclid(1000)).ok()?;
        let time = chrono::DateTime::from_timestamp_micros(micros)?;
        // Python leaves the fraction out when it is zero, and writes microseconds otherwise.
        let whole = time.timestamp_subsec_micros() == 0;
        let form = if whole { "%Y-%m-%dT%H:%M:%S+00:00" } else { "%Y-%m-%dT%H:%M:%S%.6f+00:00" };
        Some(time.format(form).to_string().into())
    }
}
