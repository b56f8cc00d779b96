//! Functions on numbers, as in C's mathematical library.

use jaq_core::native::{bome, v};
use jaq_json::Val;

use super::{Native, none, two};
use crate::plan::spec::filter::datum::Datum;
use crate::plan::spec::filter::datum::fault::{Error, unfit};
use crate::plan::spec::filter::datum::refusal::refuse;
use crate::plan::spec::filter::number::to_integer;

/// A function of the input.
macro_rules! of_input {
    ($name:literal, $f:expr) => {
        ($name, v(0), |cv| {
            none(cv, |input| {
                let f: fn(f64) -> f64 = $f;
                Ok(Datum::number(f(number(&input)?)))
            })
        })
    };
}

/// A function of two arguments.
macro_rules! of_two {
    ($name:literal, $f:expr) => {
        ($name, v(2), |cv| {
            two(cv, |_, one, other| {
                let f: fn(f64, f64) -> f64 = $f;
                Ok(Datum::number(f(number(&one)?, number(&other)?)))
            })
        })
    };
}

/// A function of a number and a power of two, which is an integer in C.
macro_rules! of_exponent {
    ($name:literal) => {
        ($name, v(2), |cv| {
            two(cv, |_, one, other| {
                let (number, exponent) = (number(&one)?, number(&other)?);
                if !exponent.is_finite() || exponent.abs() > f64::from(i32::MAX) {
                    return Err(refuse("a power of two beyond 32 bits"));
                }
                Ok(Datum::number(scaled(number, exponent)))
            })
        })
    };
}

pub(super) fn functions() -> Vec<Native> {
    vec![
        ("infinite", v(0), |cv| none(cv, |_| Ok(Datum(Val::Num(jaq_json::Num::Float(f64::INFINITY)))))),
        ("nan", v(0), |cv| none(cv, |_| Ok(Datum(Val::Num(jaq_json::Num::Float(f64::NAN)))))),
        ("isinfinite", v(0), |cv| {
            none(cv, |input| Ok(Datum::from(input.as_f64().is_some_and(f64::is_infinite))))
        }),
        ("isnan", v(0), |cv| none(cv, |input| Ok(Datum::from(input.as_f64().is_some_and(f64::is_nan))))),
        ("isnormal", v(0), |cv| {
            none(cv, |input| Ok(Datum::from(input.as_f64().is_some_and(f64::is_normal))))
        }),
        of_input!("acos", f64::acos),
        of_input!("asin", f64::asin),
        of_input!("atan", f64::atan),
        of_input!("ceil", f64::ceil),
        of_input!("cos", f64::cos),
        of_input!("cosh", f64::cosh),
        of_input!("exp", f64::exp),
        of_input!("exp2", f64::exp2),
        of_input!("expm1", f64::exp_m1),
        of_input!("fabs", f64::abs),
        of_input!("floor", f64::floor),
        of_input!("log", f64::ln),
        of_input!("log10", f64::log10),
        of_input!("log1p", f64::ln_1p),
        of_input!("log2", f64::log2),
        of_input!("logb", exponent),
        of_input!("nearbyint", f64::round_ties_even),
        of_input!("rint", f64::round_ties_even),
        of_input!("round", f64::round),
        of_input!("significand", significand),
        of_input!("sin", f64::sin),
        of_input!("sinh", f64::sinh),
        of_input!("sqrt", f64::sqrt),
        of_input!("tan", f64::tan),
        of_input!("tanh", f64::tanh),
        of_input!("trunc", f64::trunc),
        of_two!("atan2", f64::atan2),
        of_two!("copysign", f64::copysign),
        of_two!("drem", ieee_remainder),
        of_two!("fdim", |one, other| if one <= other { 0.0 } else { one - other }),
        of_two!("fmax", f64::max),
        of_two!("fmin", f64::min),
        of_two!("fmod", |one, other| one % other),
        of_two!("hypot", f64::hypot),
        of_two!("nextafter", next_after),
        of_two!("nexttoward", next_after),
        of_two!("remainder", ieee_remainder),
        of_two!("pow", f64::powf),
        of_two!("scalb", |number, exponent| {
            if exponent.fract() == 0.0 { scaled(number, exponent) } else { f64::NAN }
        }),
        of_exponent!("ldexp"),
        of_exponent!("scalbln"),
        ("fma", v(3), |mut cv| {
            let [three, two, one] = [cv.0.pop_var(), cv.0.pop_var(), cv.0.pop_var()];
            let product = |one: Datum, two: Datum, three: Datum| {
                Ok(Datum::number(number(&one)?.mul_add(number(&two)?, number(&three)?)))
            };
            bome(product(one, two, three))
        }),
        ("frexp", v(0), |cv| {
            none(cv, |input| {
                let (mantissa, exponent) = decomposed(number(&input)?);
                Ok(Datum::list(vec![Datum::number(mantissa), Datum::number(exponent.into())]))
            })
        }),
        ("modf", v(0), |cv| {
            none(cv, |input| {
                let number = number(&input)?;
                let fraction = if number.is_infinite() { 0.0_f64.copysign(number) } else { number.fract() };
                Ok(Datum::list(vec![Datum::number(fraction), Datum::number(number.trunc())]))
            })
        }),
    ]
}

fn number(value: &Datum) -> Result<f64, Error> {
    value.as_f64().ok_or_else(|| unfit(value, "number required"))
}

/// Returns a number between a half and one, and the power of two that yields the original number when multiplied.
fn decomposed(number: f64) -> (f64, i32) {
    if number == 0.0 || !number.is_finite() {
        return (number, 0);
    }
    // Subnormal numbers are scaled up first.
    let (number, extra) = if number.is_normal() { (number, 0) } else { (number * 2_f64.powi(64), -64) };
    let bits = number.to_bits();
    let stored = i32::try_from(bits >> 52 & 0x7ff).unwrap_or(0);
    let mantissa = f64::from_bits(bits & !(0x7ff << 52) | 1_022 << 52);
    (mantissa, stored - 1_022 + extra)
}

fn significand(number: f64) -> f64 {
    if number == 0.0 || !number.is_finite() { number } else { decomposed(number).0 * 2.0 }
}

fn exponent(number: f64) -> f64 {
    if number == 0.0 {
        f64::NEG_INFINITY
    } else if number.is_finite() {
        f64::from(decomposed(number).1 - 1)
    } else {
        number * number
    }
}

/// Returns the number times a power of two.
fn scaled(number: f64, exponent: f64) -> f64 {
    let whole = to_integer(exponent.trunc()).and_then(|whole| i32::try_from(whole).ok());
    let mut rest = whole.unwrap_or(if exponent > 0.0 { 5_000 } else { -5_000 }).clamp(-5_000, 5_000);
    let mut scaled = number;
    // The scaling is done in steps, so that no power overflows or underflows.
    while rest != 0 {
        let step = rest.clamp(-1_000, 1_000);
        scaled *= 2_f64.powi(step);
        rest -= step;
    }
    scaled
}

/// Returns the remainder from the nearest multiple.
fn ieee_remainder(dividend: f64, divisor: f64) -> f64 {
    if !dividend.is_finite() || divisor == 0.0 || divisor.is_nan() {
        return f64::NAN;
    }
    if divisor.is_infinite() {
        return dividend;
    }
    let divisor = divisor.abs();
    let within = if divisor <= f64::MAX / 2.0 { dividend % (divisor * 2.0) } else { dividend };
    let mut rest = within.abs();
    if rest + rest > divisor {
        rest -= divisor;
        if rest + rest >= divisor {
            rest -= divisor;
        }
    }
    if within.is_sign_negative() { -rest } else { rest }
}

/// Returns the next number in the direction of another one.
fn next_after(number: f64, towards: f64) -> f64 {
    if number.is_nan() || towards.is_nan() {
        f64::NAN
    } else if number < towards {
        number.next_up()
    } else if number > towards {
        number.next_down()
    } else {
        towards
    }
}
