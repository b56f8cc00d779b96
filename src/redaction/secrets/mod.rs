pub(super) mod forms; mod vendors;
