//! What the explanations of children with joint wishes must be.

use super::super::super::file::Code;
use super::super::super::instance::{NONE, Siblings};
use super::super::View;
use super::super::places::By;
use super::super::seats::wish_for;
use super::Checker;

impl Checker<'_, '_> {
    /// The pool that a joint wish of the family claims for a child.
    pub(super) fn claimed_pool(&self, child: u32, family: u32) -> Option<u32> {
        let claim = self.view.claims[family as usize]? as usize;
        let wish = self.view.instance.joint_of(family).nth(claim)?;
        wish.get((child - self.view.instance.children_of(family).start) as usize)
            .copied()
            .filter(|&pool| pool != NONE)
    }

    /// The rows of a child whose family takes a joint wish.
    pub(super) fn joint_wishes(&mut self, child: u32) {
        let View {
            instance,
            order,
            places,
            seats,
            ..
        } = *self.view;
        let row = &instance.children[child as usize];
        let (family, by) = (row.family, places.by[row.family as usize]);
        let held = match by {
            By::Joint(held) => held,
            By::Own => NONE,
        };
        let claim = self.view.claims[family as usize].unwrap_or(NONE);
        let column = (child - instance.children_of(family).start) as usize;
        for (at, pools) in (0..).zip(instance.joint_of(family)) {
            let pool = pools[column];
            let wish = wish_for(instance, child, pool);
            let code = match wish {
                _ if at == held => Code::Placed,
                _ if at > held => Code::BetterPlaced,
                _ if at == claim => Code::Exception,
                _ if pool == places.pool[child as usize] => Code::Sibling,
                Some(wish) if !seats.takes(instance, order, child, wish) => {
                    self.expect_refusal(child, at + 1, wish);
                    continue;
                }
                _ => Code::Sibling,
            };
            self.expect(child, at + 1, code);
        }
        let required = instance.families[family as usize].siblings == Siblings::Required;
        if required && row.incumbent != NONE {
            let code = if by == By::Own {
                Code::Placed
            } else {
                Code::BetterPlaced
            };
            self.expect(child, instance.joint_of(family).len() as u32 + 1, code);
        }
    }
}
