use super::Rule;
