//! The number of instances and their ids, which the other resources of EC2 refer to.

use crate::simulator::resources::AccountRegion;

/// The interval of launches with two instances.
const PAIR_EVERY: usize = 7;
/// The position of that launch in the interval.
const PAIR_AT: usize = 3;

/// Returns the number of the first instance of a reservation.
pub(super) fn first(reservation: usize) -> usize {
    reservation + (reservation + PAIR_EVERY - 1 - PAIR_AT) / PAIR_EVERY
}

/// Returns the number of instances in a region.
pub(super) fn count(place: AccountRegion<'_>) -> usize {
    first(place.amounts().reservations)
}

pub(super) fn instance_id(place: AccountRegion<'_>, instance: usize) -> String {
    place.id("i", instance)
}

/// Returns the id of the instance that is the `number`th target of a load balancer.
pub(in crate::simulator::resources) fn target_id(place: AccountRegion<'_>, number: usize) -> Option<String> {
    let count = count(place);
    (count > 0).then(|| instance_id(place, number % count))
}

pub(super) fn launch_time(place: AccountRegion<'_>, instance: usize) -> String {
    place.seed("launch", instance).moment()
}
