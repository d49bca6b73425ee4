//! What the shipped knowledge looks like on Discord.

use cleartext::answering::Overrides;
use cleartext::discord::{Connection, faults, run};
use cleartext::library::Library;
use insta::assert_snapshot;

use crate::discord::{mention, shown};
use crate::fake::{Bot, discord};

pub(crate) fn bot() -> Bot {
    Bot::new(|api, stop| async move {
        let library =
            Library::open_with(None, Overrides::default()).map_err(|error| error.to_string())?;
        let connection = Connection {
            token: api.token.into(),
            api_base: Some(api.base),
        };
        run(library, connection, stop)
            .await
            .map_err(|error| error.to_string())
    })
}

#[test]
fn a_misspelt_mention_gets_the_host_with_sources() {
    discord(bot(), async |d| {
        let reply = mention(d.alice(), "whcih agency organisd the london meetign").await;
        assert_snapshot!(shown(&reply), @"
        ▌ Who hosted the police chiefs' meeting?
        ▌ The UK's National Crime Agency (NCA) hosted the meeting [¹](https://www.europol.europa.eu/media-press/newsroom/news/european-police-chiefs-call-for-industry-and-governments-to-take-action-against-end-to-end-encryption-roll-out). Europol was among the guests: its release says that its Executive Director was invited alongside the national police chiefs [²](https://www.europol.europa.eu/media-press/newsroom/news/european-police-chiefs-call-for-industry-and-governments-to-take-action-against-end-to-end-encryption-roll-out). Graeme Biggar, head of the NCA, and Catherine De Bolle, head of Europol, both spoke there [³](https://www.nationalcrimeagency.gov.uk/news/european-police-chiefs-call-for-end-to-end-encryption-roll-out-to-include-public-protection-measures) [⁴](https://www.solicitorsjournal.com/sjarticle/european-police-chiefs-advocate-for-public-safety-in-encryption-rollout).
        ▌
        ▌ **Sources**
        ▌ 1. Europol, [“European Police Chiefs call for industry and governments to take action against end-to-end encryption roll-out”](https://www.europol.europa.eu/media-press/newsroom/news/european-police-chiefs-call-for-industry-and-governments-to-take-action-against-end-to-end-encryption-roll-out), 21 April 2024, para. 5 · primary
        ▌ 2. Europol, [“European Police Chiefs call for industry and governments to take action against end-to-end encryption roll-out”](https://www.europol.europa.eu/media-press/newsroom/news/european-police-chiefs-call-for-industry-and-governments-to-take-action-against-end-to-end-encryption-roll-out), 21 April 2024, para. 6 · primary
        ▌ 3. UK National Crime Agency (NCA), [“European police chiefs call for end-to-end encryption roll out to include public protection measures”](https://www.nationalcrimeagency.gov.uk/news/european-police-chiefs-call-for-end-to-end-encryption-roll-out-to-include-public-protection-measures), 21 April 2024, para. 5 · primary
        ▌ 4. Solicitors Journal, [“European police chiefs advocate for public safety in encryption rollout”](https://www.solicitorsjournal.com/sjarticle/european-police-chiefs-advocate-for-public-safety-in-encryption-rollout), April 2024, para. 4 · reporting
        ▌ As of 21 April 2024 · meeting-host · edition 2026.11
        [Remove]
        ( Related questions ▾ When and where was the statement agreed? | Why is the UK part of a European police statement after Brexit? | Who are Graeme Biggar and Catherine De Bolle? )
        ");
    });
}

#[test]
fn every_entry_fits_into_a_reply() {
    let library =
        Library::open_with(None, Overrides::default()).expect("the built-in knowledge is sound");
    for reply in library.current().replies() {
        assert_eq!(faults(reply), [""; 0], "{}", reply.entry);
    }
}
