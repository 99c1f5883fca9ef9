//! An exported run: an instance and the result that was made from it, to be made again.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, Visitor};

use super::super::instance::{Instance, InstanceBuilder, Step};
use super::read::{Attempt, Format, IntoBuilder, parse};
use super::{FileError, RUN_FORMAT, ResultFile};

/// A file of format `kitaplatz-allocation-run/1`.
#[derive(Debug)]
pub struct Run {
    /// What was to be solved, with its seed.
    pub instance: Instance,
    /// What came out.
    pub result: ResultFile,
}

impl Run {
    /// Reads a file of format `kitaplatz-allocation-run/1`.
    pub fn read(text: &[u8]) -> Result<Self, FileError> {
        let (builder, result) = parse(text, WholeRun)?;
        let instance = builder.build();
        let instance = instance.map_err(|fault| FileError::of_content(text, &[Step::Key("instance")], &fault))?;
        Ok(Self { instance, result })
    }

    /// Writes the file with the canonical form of the instance.
    pub fn write(&self, out: &mut impl std::io::Write) -> std::io::Result<()> {
        write!(out, "{{\"format\":\"{RUN_FORMAT}\",\n\"instance\":")?;
        self.instance.write_canonical(out)?;
        out.write_all(b",\n\"result\":")?;
        self.result.write(out)?;
        out.write_all(b"}\n")
    }
}

#[derive(Clone, Copy)]
struct WholeRun;

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Field {
    Format,
    Instance,
    Result,
}

impl<'t> Attempt<'t> for WholeRun {
    type Value = (InstanceBuilder, ResultFile);

    fn attempt<D: Deserializer<'t>>(&mut self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(*self)
    }
}

impl<'de> Visitor<'de> for WholeRun {
    type Value = (InstanceBuilder, ResultFile);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a run")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut format, mut instance, mut result) = (None, None, None);
        while let Some(field) = map.next_key()? {
            match field {
                Field::Format if format.is_some() => return Err(de::Error::duplicate_field("format")),
                Field::Instance if instance.is_some() => return Err(de::Error::duplicate_field("instance")),
                Field::Result if result.is_some() => return Err(de::Error::duplicate_field("result")),
                Field::Format => format = Some(map.next_value_seed(Format(RUN_FORMAT))?),
                Field::Instance => instance = Some(map.next_value_seed(NewBuilder)?),
                Field::Result => result = Some(map.next_value()?),
            }
        }
        format.ok_or_else(|| de::Error::missing_field("format"))?;
        let instance = instance.ok_or_else(|| de::Error::missing_field("instance"))?;
        let result = result.ok_or_else(|| de::Error::missing_field("result"))?;
        Ok((instance, result))
    }
}

struct NewBuilder;

impl<'de> DeserializeSeed<'de> for NewBuilder {
    type Value = InstanceBuilder;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<InstanceBuilder, D::Error> {
        let mut builder = InstanceBuilder::default();
        IntoBuilder(&mut builder).deserialize(deserializer)?;
        Ok(builder)
    }
}
