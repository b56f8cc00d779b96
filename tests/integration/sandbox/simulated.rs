//! A simulated organization for the real program, which can ring a bell at a request of one's choice.

use std::collections::BTreeMap;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};

use aws_auto_inventory::simulator::{Behaviour, SessionRequest, Simulator, Site, World};
use tokio::runtime::Runtime;

use super::Sandbox;

/// The simulator, on its own threads.
pub(crate) struct Simulated {
    simulator: Simulator,
    alarm: Arc<Mutex<Option<Alarm>>>,
    faults: Arc<Mutex<Option<Fault>>>,
    _runtime: Runtime,
}

type Fault = Box<dyn Fn(&Site<'_>) -> Option<Behaviour> + Send>;

struct Alarm {
    /// How many requests are still to come before it rings.
    left: u64,
    counts: fn(&Site<'_>) -> bool,
    ring: Box<dyn Fn() + Send>,
}

/// How often each operation was requested, by account, region, service and operation.
pub(crate) type Requests = BTreeMap<(String, String, String, String), u64>;

impl Simulated {
    /// Starts a simulator of this world.
    #[track_caller]
    pub(crate) fn new(world: World) -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let alarm: Arc<Mutex<Option<Alarm>>> = Arc::default();
        let faults: Arc<Mutex<Option<Fault>>> = Arc::default();
        let (bell, fault) = (Arc::clone(&alarm), Arc::clone(&faults));
        let setup = Simulator::setup(world).faults(move |site: &Site<'_>| {
            let mut bell = bell.lock().expect("a lock");
            if let Some(mut alarm) = bell.take_if(|alarm| (alarm.counts)(site)) {
                alarm.left = alarm.left.saturating_sub(1);
                match alarm.left {
                    0 => (alarm.ring)(),
                    _ => *bell = Some(alarm),
                }
            }
            drop(bell);
            fault.lock().expect("a lock").as_ref().and_then(|fault| fault(site))
        });
        let simulator = runtime.block_on(setup.start()).expect("a simulator");
        Self { simulator, alarm, faults, _runtime: runtime }
    }

    /// A sandbox whose AWS this is, in the name of the administrator.
    pub(crate) fn sandbox(&self) -> Sandbox {
        let key = Simulator::credentials();
        Sandbox::new().aws(&self.simulator.url(), key.access_key_id(), key.secret_access_key())
    }

    /// Where it answers.
    pub(crate) fn url(&self) -> String {
        self.simulator.url()
    }

    /// Rings the bell when so many requests have come from now on, of those that count.
    pub(crate) fn ring_at(&self, left: u64, counts: fn(&Site<'_>) -> bool, ring: impl Fn() + Send + 'static) {
        *self.alarm.lock().expect("a lock") = Some(Alarm { left: left.max(1), counts, ring: Box::new(ring) });
    }

    /// Rings the bell at a call, and lets nothing be answered from then on until the sender that
    /// comes back is dropped.
    pub(crate) fn freeze_at(&self, call: u64, ring: impl Fn() + Send + 'static) -> Sender<()> {
        let (thaw, frozen) = channel::<()>();
        // The alarm is locked in the meantime, and every other request waits for it.
        self.ring_at(call, is_call, move || {
            ring();
            let _ = frozen.recv();
        });
        thaw
    }

    /// Lets things go wrong from now on.
    pub(crate) fn fault(&self, fault: impl Fn(&Site<'_>) -> Option<Behaviour> + Send + 'static) {
        *self.faults.lock().expect("a lock") = Some(Box::new(fault));
    }

    /// Lets nothing go wrong from now on.
    pub(crate) fn mend(&self) {
        *self.faults.lock().expect("a lock") = None;
    }

    /// How role sessions were requested so far.
    pub(crate) fn sessions(&self) -> Vec<SessionRequest> {
        self.simulator.sessions()
    }

    /// What was requested so far.
    pub(crate) fn requests(&self) -> Requests {
        let requests = self.simulator.requests().into_iter();
        requests
            .map(|asked| {
                let (account, region) = (asked.account.to_string(), asked.region.clone());
                ((account, region, asked.service.to_string(), asked.operation), asked.count)
            })
            .collect()
    }
}

/// Whether a request is one of the plan's calls, and not of what goes before them.
pub(crate) fn is_call(site: &Site<'_>) -> bool {
    !matches!(site.service, "sts" | "sso" | "organizations" | "resourcegroupstaggingapi")
}
