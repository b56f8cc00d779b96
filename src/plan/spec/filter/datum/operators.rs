//! The operators of jq: arithmetic, equality and order.

use std::cmp::Ordering;
use std::ops::{Add, Div, Mul, Neg, Rem, Sub};

use jaq_json::Val;

use super::fault::{DatumResult, error, impossible, unfit};
use super::refusal::refuse;
use super::{Datum, take};
use crate::plan::spec::filter::number;
use crate::plan::spec::filter::order::{compare, equal};

/// The maximum length of a repeated text; longer ones are refused.
const LONGEST_TEXT: usize = 1 << 28;

impl Add for Datum {
    type Output = DatumResult;
    fn add(self, other: Self) -> DatumResult {
        match (self.0, other.0) {
            (Val::Num(left), Val::Num(right)) => {
                Ok(Self::number(number::value(&left) + number::value(&right)))
            }
            (left, right) => added(left, right),
        }
    }
}

/// Adds values for which jaq agrees with jq: `null` and anything, texts, arrays and objects.
fn added(left: Val, right: Val) -> DatumResult {
    let fits = matches!(
        (&left, &right),
        (Val::Null, _)
            | (_, Val::Null)
            | (Val::TStr(_), Val::TStr(_))
            | (Val::Arr(_), Val::Arr(_))
            | (Val::Obj(_), Val::Obj(_))
    );
    if !fits {
        return Err(impossible(&Datum(left), &Datum(right), "be added"));
    }
    let failed = || error("cannot be added");
    (left + right).map(Datum).map_err(|_| failed())
}

impl Sub for Datum {
    type Output = DatumResult;
    fn sub(self, other: Self) -> DatumResult {
        match (self.0, other.0) {
            (Val::Num(left), Val::Num(right)) => {
                Ok(Self::number(number::value(&left) - number::value(&right)))
            }
            (Val::Arr(left), Val::Arr(right)) => {
                let kept =
                    take(left).into_iter().filter(|item| !right.iter().any(|other| equal(item, other)));
                Ok(kept.map(Self).collect())
            }
            (left, right) => Err(impossible(&Self(left), &Self(right), "be subtracted")),
        }
    }
}

impl Mul for Datum {
    type Output = DatumResult;
    fn mul(self, other: Self) -> DatumResult {
        match (self.0, other.0) {
            (Val::Num(left), Val::Num(right)) => {
                Ok(Self::number(number::value(&left) * number::value(&right)))
            }
            (Val::TStr(text), Val::Num(times)) | (Val::Num(times), Val::TStr(text)) => {
                repeat(&text, number::value(&times))
            }
            (left @ Val::Obj(_), right @ Val::Obj(_)) => {
                (left * right).map(Self).map_err(|_| error("cannot be multiplied"))
            }
            (left, right) => Err(impossible(&Self(left), &Self(right), "be multiplied")),
        }
    }
}

fn repeat(text: &[u8], times: f64) -> DatumResult {
    if times <= 0.0 {
        return Ok(Datum::null());
    }
    let more = (times - 1.0).trunc();
    let whole = number::to_integer(more.max(0.0)).and_then(|more| usize::try_from(more + 1).ok());
    match whole {
        Some(times) if text.len().saturating_mul(times) <= LONGEST_TEXT => {
            Ok(Datum(Val::utf8_str(text.repeat(times))))
        }
        _ => Err(refuse("a repeated text of this length")),
    }
}

impl Div for Datum {
    type Output = DatumResult;
    fn div(self, other: Self) -> DatumResult {
        match (&self.0, &other.0) {
            (Val::Num(left), Val::Num(right)) => {
                let (dividend, divisor) = (number::value(left), number::value(right));
                if divisor == 0.0 {
                    return Err(impossible(&self, &other, "be divided because the divisor is zero"));
                }
                Ok(Self::number(dividend / divisor))
            }
            (Val::TStr(_), Val::TStr(_)) => {
                (self.0 / other.0).map(Self).map_err(|_| error("cannot be divided"))
            }
            _ => Err(impossible(&self, &other, "be divided")),
        }
    }
}

/// Computes the remainder of integers; fractions are truncated first.
impl Rem for Datum {
    type Output = DatumResult;
    fn rem(self, other: Self) -> DatumResult {
        let (Some(dividend), Some(divisor)) = (self.as_f64(), other.as_f64()) else {
            return Err(impossible(&self, &other, "be divided (remainder)"));
        };
        let whole =
            |number: f64| number::to_integer(number.trunc()).and_then(|whole| i64::try_from(whole).ok());
        match (whole(dividend), whole(divisor)) {
            (_, Some(0)) => {
                Err(impossible(&self, &other, "be divided (remainder) because the divisor is zero"))
            }
            (Some(dividend), Some(divisor)) => {
                let rest = i128::from(dividend) % i128::from(divisor);
                #[expect(clippy::cast_precision_loss, reason = "jq's numbers are doubles")]
                let rest = rest as f64;
                Ok(Self::number(rest))
            }
            _ => Err(refuse("the remainder of numbers beyond 64 bits")),
        }
    }
}

impl Neg for Datum {
    type Output = DatumResult;
    fn neg(self) -> DatumResult {
        match self.as_f64() {
            Some(number) => Ok(Self::number(-number)),
            None => Err(unfit(&self, "cannot be negated")),
        }
    }
}

impl PartialEq for Datum {
    fn eq(&self, other: &Self) -> bool {
        equal(&self.0, &other.0)
    }
}

impl Eq for Datum {}

impl PartialOrd for Datum {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Datum {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(&self.0, &other.0)
    }
}
