//! Reading an instance as a stream: each family goes into the builder and is forgotten.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::super::instance::{Family, Instance, InstanceBuilder, Node, Pool};
use super::{FileError, INSTANCE_FORMAT};

impl Instance {
    /// Reads a file of format `kitaplatz-allocation/1`.
    pub fn read(text: &[u8]) -> Result<Self, FileError> {
        let builder = parse(text, WholeInstance(InstanceBuilder::default()))?;
        builder
            .build()
            .map_err(|fault| FileError::of_content(text, &[], &fault))
    }
}

/// What is to be read from a text, which may be tried a second time.
pub(super) trait Attempt<'t> {
    type Value;

    fn attempt<D: Deserializer<'t>>(&mut self, deserializer: D) -> Result<Self::Value, D::Error>;
}

/// Parses a whole text; only if that fails, once more with the path kept, which is slower.
pub(super) fn parse<'t, A: Attempt<'t>>(text: &'t [u8], mut what: A) -> Result<A::Value, FileError> {
    let mut parser = serde_json::Deserializer::from_slice(text);
    if let Ok(value) = what.attempt(&mut parser) {
        let end = parser.end().map(|()| value);
        return end.map_err(|error| FileError::of_form(&error, String::new()));
    }
    let mut parser = serde_json::Deserializer::from_slice(text);
    let mut track = serde_path_to_error::Track::new();
    let tracked = what.attempt(serde_path_to_error::Deserializer::new(&mut parser, &mut track));
    tracked.map_err(|error| FileError::of_form(&error, track.path().to_string()))
}

struct WholeInstance(InstanceBuilder);

impl<'t> Attempt<'t> for WholeInstance {
    type Value = InstanceBuilder;

    fn attempt<D: Deserializer<'t>>(&mut self, deserializer: D) -> Result<InstanceBuilder, D::Error> {
        self.0 = InstanceBuilder::default();
        IntoBuilder(&mut self.0).deserialize(deserializer)?;
        Ok(std::mem::take(&mut self.0))
    }
}

/// Takes the top of an instance apart.
pub(super) struct IntoBuilder<'b>(pub(super) &'b mut InstanceBuilder);

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Field {
    Format,
    Seed,
    Nodes,
    Pools,
    Families,
}

impl<'de> DeserializeSeed<'de> for IntoBuilder<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for IntoBuilder<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an instance")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self(builder) = self;
        let mut seen = [false; 5];
        while let Some(field) = map.next_key()? {
            let (name, at) = match field {
                Field::Format => ("format", 0),
                Field::Seed => ("seed", 1),
                Field::Nodes => ("nodes", 2),
                Field::Pools => ("pools", 3),
                Field::Families => ("families", 4),
            };
            if std::mem::replace(&mut seen[at], true) {
                return Err(de::Error::duplicate_field(name));
            }
            match field {
                Field::Format => map.next_value_seed(Format(INSTANCE_FORMAT))?,
                Field::Seed => {
                    builder.seed(map.next_value::<Option<Cow<'de, str>>>()?.unwrap_or_default());
                }
                Field::Nodes => map.next_value_seed(Each {
                    builder: &mut *builder,
                    add: |builder, node: Node<'de>| {
                        builder.node(node);
                    },
                    null: true,
                })?,
                Field::Pools => map.next_value_seed(Each {
                    builder: &mut *builder,
                    add: |builder, pool: Pool<'de>| {
                        builder.pool(pool);
                    },
                    null: false,
                })?,
                Field::Families => map.next_value_seed(Each {
                    builder: &mut *builder,
                    add: |builder, family: Family<'de>| {
                        builder.family(family);
                    },
                    null: false,
                })?,
            }
        }
        for (name, at) in [("format", 0), ("pools", 3), ("families", 4)] {
            if !seen[at] {
                return Err(de::Error::missing_field(name));
            }
        }
        Ok(())
    }
}

/// Accepts one `format` only.
pub(super) struct Format(pub(super) &'static str);

impl<'de> DeserializeSeed<'de> for Format {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let found = Cow::<str>::deserialize(deserializer)?;
        if found == self.0 {
            Ok(())
        } else {
            Err(de::Error::invalid_value(de::Unexpected::Str(&found), &self.0))
        }
    }
}

/// Hands over each element of an array as soon as it is read.
struct Each<'b, T> {
    builder: &'b mut InstanceBuilder,
    add: fn(&mut InstanceBuilder, T),
    null: bool,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Each<'_, T> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.null {
            deserializer.deserialize_option(self)
        } else {
            deserializer.deserialize_seq(self)
        }
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Each<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_none<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(item) = seq.next_element()? {
            (self.add)(self.builder, item);
        }
        Ok(())
    }
}
