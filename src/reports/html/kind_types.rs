//! CloudFormation's types of the resources of one kind: one for most kinds, and several for kinds whose type depends on
//! the resource.

/// The types found so far; rows refer to them by index.
#[derive(Debug, Default)]
pub(super) struct KindTypes {
    names: Vec<&'static str>,
}

impl KindTypes {
    /// Returns the index of a type.
    pub(super) fn index(&mut self, name: &'static str) -> usize {
        let found = self.names.iter().position(|known| *known == name);
        found.unwrap_or_else(|| {
            self.names.push(name);
            self.names.len() - 1
        })
    }

    /// Returns the types, in the order of their indices.
    pub(super) fn names(&self) -> &[&'static str] {
        &self.names
    }
}

#[cfg(test)]
mod tests {
    use super::KindTypes;

    #[test]
    fn index_of_type_stays() {
        let mut types = KindTypes::default();
        assert_eq!(types.index("AWS::ElasticLoadBalancingV2::LoadBalancer"), 0);
        assert_eq!(types.index("AWS::EC2::Instance"), 1);
        assert_eq!(types.index("AWS::ElasticLoadBalancingV2::LoadBalancer"), 0);
        assert_eq!(types.names(), ["AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::EC2::Instance"]);
    }
}
