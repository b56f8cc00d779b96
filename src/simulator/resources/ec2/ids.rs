//! How many instances there are, and their ids: what the other resources of EC2 know of instances.

use crate::simulator::resources::AccountRegion;

/// How often a launch asked for two instances.
const PAIR_EVERY: usize = 7;
/// Which launch of each row it is.
const PAIR_AT: usize = 3;

/// The first instance of a reservation.
pub(super) fn first(reservation: usize) -> usize {
    reservation + (reservation + PAIR_EVERY - 1 - PAIR_AT) / PAIR_EVERY
}

/// How many instances there are in a region.
pub(super) fn count(place: AccountRegion<'_>) -> usize {
    first(place.amounts().reservations)
}

pub(super) fn instance_id(place: AccountRegion<'_>, instance: usize) -> String {
    place.id("i", instance)
}

/// The id of the instance that serves the `number`th thing behind a load balancer.
pub(in crate::simulator::resources) fn target_id(place: AccountRegion<'_>, number: usize) -> Option<String> {
    let count = count(place);
    (count > 0).then(|| instance_id(place, number % count))
}

pub(super) fn launch_time(place: AccountRegion<'_>, instance: usize) -> String {
    place.seed("launch", instance).moment()
}
