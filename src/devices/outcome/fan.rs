//! Several places outcomes go to at once.

use std::sync::Arc;

use crate::core::alarm::Alarm;
use crate::core::evidence::Grant;
use crate::core::ticket::Ticket;
use crate::ports::OutcomePort;

/// Tells each of its ports, in their order. None of them may block.
#[derive(Default)]
pub struct Fan {
    ports: Vec<Box<dyn OutcomePort>>,
}

impl Fan {
    /// These ports; none at all is fine.
    #[must_use]
    pub fn new(ports: Vec<Box<dyn OutcomePort>>) -> Self {
        Self { ports }
    }
}

impl OutcomePort for Fan {
    fn granted(&mut self, grant: &Grant) {
        self.ports.iter_mut().for_each(|port| port.granted(grant));
    }

    fn staff_called(&mut self) {
        self.ports.iter_mut().for_each(|port| port.staff_called());
    }

    fn alarm(&mut self, alarm: Alarm) {
        self.ports.iter_mut().for_each(|port| port.alarm(alarm));
    }

    fn listen(&mut self, sink: Box<dyn Fn(Ticket) + Send + Sync>) {
        let sink: Arc<dyn Fn(Ticket) + Send + Sync> = sink.into();
        for port in &mut self.ports {
            let sink = sink.clone();
            port.listen(Box::new(move |ticket| sink(ticket)));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    /// Writes down what it is told, and answers a call for help.
    #[derive(Default)]
    struct Note {
        told: Arc<Mutex<Vec<String>>>,
        sink: Option<Box<dyn Fn(Ticket) + Send + Sync>>,
    }

    impl OutcomePort for Note {
        fn granted(&mut self, _: &Grant) {}

        fn staff_called(&mut self) {
            self.told.lock().unwrap().push("help".to_owned());
            if let (Some(sink), Some(ticket)) = (&self.sink, Ticket::parse("A1")) {
                sink(ticket);
            }
        }

        fn alarm(&mut self, alarm: Alarm) {
            self.told.lock().unwrap().push(format!("{alarm:?}"));
        }

        fn listen(&mut self, sink: Box<dyn Fn(Ticket) + Send + Sync>) {
            self.sink = Some(sink);
        }
    }

    #[test]
    fn each_port_is_told_and_each_may_answer() {
        let (told, answers) = (Arc::default(), Arc::new(Mutex::new(0)));
        let note = || Box::new(Note { told: Arc::clone(&told), sink: None }) as Box<dyn OutcomePort>;
        let mut fan = Fan::new(vec![note(), note()]);
        let counted = answers.clone();
        fan.listen(Box::new(move |_| *counted.lock().unwrap() += 1));
        fan.staff_called();
        fan.alarm(Alarm::ClockBack);
        assert_eq!(*told.lock().unwrap(), ["help", "help", "ClockBack", "ClockBack"]);
        assert_eq!(*answers.lock().unwrap(), 2);
        Fan::default().staff_called();
    }
}
