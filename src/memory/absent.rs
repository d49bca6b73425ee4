//! What stands in for the store where the feature `memory` is off: nothing, by type.
//!
//! There is no value of it, so there is no [`super::Memory`] either, and the Discord side needs no `cfg`.

use chrono::NaiveDate;

use super::wording::Wording;
use super::{Change, Error, Gap, GuildId, Noted, Ratings, Settings, Verdict};
use crate::answering::{EntryId, Revision};

/// A store that cannot be.
#[derive(Debug)]
pub(super) enum Store {}

#[expect(clippy::unused_async, reason = "it has the shape of the store that is")]
impl Store {
    pub(super) async fn settings(&self, _: GuildId) -> Result<Settings, Error> {
        match *self {}
    }

    pub(super) async fn set(&self, _: GuildId, _: &Change) -> Result<(), Error> {
        match *self {}
    }

    pub(super) async fn reset(&self, _: GuildId) -> Result<(), Error> {
        match *self {}
    }

    pub(super) async fn rate(
        &self,
        _: Option<GuildId>,
        _: &EntryId,
        _: Revision,
        _: Verdict,
    ) -> Result<(), Error> {
        match *self {}
    }

    pub(super) async fn ratings(&self, _: Option<GuildId>) -> Result<Vec<Ratings>, Error> {
        match *self {}
    }

    pub(super) async fn keep_gap(
        &self,
        _: GuildId,
        _: Option<&EntryId>,
        _: &Wording,
        _: u64,
        _: NaiveDate,
    ) -> Result<Noted, Error> {
        match *self {}
    }

    pub(super) async fn gaps(&self, _: Option<GuildId>, _: NaiveDate) -> Result<Vec<Gap>, Error> {
        match *self {}
    }

    pub(super) async fn forget(&self, _: GuildId) -> Result<u64, Error> {
        match *self {}
    }

    pub(super) async fn purge(&self, _: NaiveDate) -> Result<u64, Error> {
        match *self {}
    }
}
