//! The canonical form of an instance (RFC 8785) and its hash, by which a result names its instance.

use std::io::{self, Write};

use sha2::{Digest, Sha256};

use super::super::instance::{Instance, NONE, Siblings};
use super::INSTANCE_FORMAT;

impl Instance {
    /// SHA-256 of the canonical form, in lower-case hexadecimal.
    pub fn sha256(&self) -> String {
        let mut hash = Hashed {
            hash: Sha256::new(),
            buffer: Vec::with_capacity(1 << 16),
        };
        // A hash takes every byte, so there is nothing to fail.
        let _ = self.write_canonical(&mut hash);
        hash.hash.update(&hash.buffer);
        hash.hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// The canonical form with its SHA-256, written once.
    pub fn canonical(&self) -> (String, String) {
        let mut text = Vec::new();
        // Writing to memory does not fail, and what is written is text.
        let _ = self.write_canonical(&mut text);
        let sha256 = Sha256::digest(&text).iter().map(|byte| format!("{byte:02x}")).collect();
        (String::from_utf8(text).unwrap_or_default(), sha256)
    }

    /// Writes the canonical form: RFC 8785 with nodes, pools, families, children, reserves and types sorted, columns of joint
    /// wishes permuted along, and every field there. It is a valid file of the same instance.
    pub fn write_canonical(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(b"{\"families\":")?;
        array(out, 0..self.families.len(), |out, family| {
            self.write_family(out, family)
        })?;
        write!(out, ",\"format\":\"{INSTANCE_FORMAT}\",\"nodes\":")?;
        array(out, &self.nodes, |out, node| {
            write!(out, "{{\"cap\":{},\"id\":", node.cap)?;
            text(out, &node.id)?;
            out.write_all(b",\"parent\":")?;
            optional(out, self.nodes.get(node.parent as usize).map(|parent| &*parent.id))?;
            out.write_all(b"}")
        })?;
        out.write_all(b",\"pools\":")?;
        array(out, &self.pools, |out, pool| {
            write!(out, "{{\"cap\":{},\"id\":", pool.cap)?;
            text(out, &pool.id)?;
            out.write_all(b",\"node\":")?;
            optional(out, self.nodes.get(pool.node as usize).map(|node| &*node.id))?;
            out.write_all(b",\"reserves\":")?;
            array(out, &pool.reserves, |out, &(kind, seats)| {
                write!(out, "{{\"seats\":{seats},\"type\":")?;
                text(out, &self.types[kind as usize])?;
                out.write_all(b"}")
            })?;
            out.write_all(b"}")
        })?;
        out.write_all(b",\"seed\":")?;
        text(out, &self.seed)?;
        out.write_all(b"}")
    }

    fn write_family(&self, out: &mut impl Write, at: usize) -> io::Result<()> {
        let row = &self.families[at];
        out.write_all(b"{\"children\":")?;
        array(out, row.children.0..row.children.1, |out, child| {
            self.write_child(out, child)
        })?;
        out.write_all(b",\"id\":")?;
        text(out, &row.id)?;
        out.write_all(b",\"joint_wishes\":")?;
        let columns = (row.children.1 - row.children.0).max(1) as usize;
        let joint = self.joint[row.joint.0 as usize..row.joint.1 as usize].chunks_exact(columns);
        array(out, joint, |out, wish| {
            array(out, wish, |out, &pool| optional(out, self.pool_name(pool)))
        })?;
        let siblings = match row.siblings {
            Siblings::Independent => "independent",
            Siblings::Preferred => "preferred",
            Siblings::Required => "required",
        };
        write!(out, ",\"siblings\":\"{siblings}\"}}")
    }

    fn write_child(&self, out: &mut impl Write, child: u32) -> io::Result<()> {
        let row = &self.children[child as usize];
        out.write_all(b"{\"fixed\":")?;
        optional(out, self.pool_name(row.fixed))?;
        out.write_all(b",\"id\":")?;
        text(out, &row.id)?;
        out.write_all(b",\"incumbent\":")?;
        optional(out, self.pool_name(row.incumbent))?;
        out.write_all(b",\"types\":")?;
        array(out, self.types_of(child), |out, &kind| {
            text(out, &self.types[kind as usize])
        })?;
        out.write_all(b",\"wishes\":")?;
        array(out, self.wishes_of(child), |out, wish| {
            out.write_all(b"{\"pool\":")?;
            text(out, self.pool_id(self.wish_pool[wish]))?;
            out.write_all(b",\"priority\":")?;
            array(out, self.priority(wish), |out, number| write!(out, "{number}"))?;
            out.write_all(b"}")
        })?;
        out.write_all(b"}")
    }

    fn pool_name(&self, pool: u32) -> Option<&str> {
        (pool != NONE).then(|| self.pool_id(pool))
    }
}

fn array<W: Write, T>(
    out: &mut W,
    items: impl IntoIterator<Item = T>,
    mut item: impl FnMut(&mut W, T) -> io::Result<()>,
) -> io::Result<()> {
    out.write_all(b"[")?;
    for (at, each) in items.into_iter().enumerate() {
        if at > 0 {
            out.write_all(b",")?;
        }
        item(out, each)?;
    }
    out.write_all(b"]")
}

/// A string escaped as RFC 8785 wants it, which is how the JSON library does it too.
fn text(out: &mut impl Write, text: &str) -> io::Result<()> {
    serde_json::to_writer(out, text).map_err(io::Error::from)
}

fn optional(out: &mut impl Write, value: Option<&str>) -> io::Result<()> {
    match value {
        Some(value) => text(out, value),
        None => out.write_all(b"null"),
    }
}

/// A hash that takes its bytes in large pieces.
struct Hashed {
    hash: Sha256,
    buffer: Vec<u8>,
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.buffer.len() + bytes.len() > self.buffer.capacity() {
            self.hash.update(&self.buffer);
            self.buffer.clear();
        }
        self.buffer.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
