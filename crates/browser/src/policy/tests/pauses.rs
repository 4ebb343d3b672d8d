//! Times in which nothing is done: holds, a suspended machine, no browser.

use super::*;

#[test]
fn a_hold_stops_everything_and_ends_with_a_look() {
    for (hold, state) in [
        (Hold::Paused, State::Paused),
        (Hold::Capped(12), State::Capped),
        (Hold::SigningIn, State::SignedOut),
    ] {
        let mut course = Course::from(Sighting::Crashed("x".into()));
        course.conditions = held(hold);
        course.watch.ask(course.now);
        assert_eq!(course.run(seconds(20_000), &open()), []);
        assert_eq!(course.state(), state);
        course.conditions = usual();
        assert_eq!(course.watch.next(course.now, &usual()), Some(Action::Look));
        course.watch.observe(open(), course.now);
        assert_eq!(course.run(seconds(400), &open()), [], "no reload at once");
    }
}

#[test]
fn after_a_suspend_everything_is_looked_at_before_it_is_judged() {
    let mut course = Course::from(open());
    course
        .watch
        .observe(Sighting::Silent("x".into()), course.now);
    assert_eq!(course.watch.next(course.now, &usual()), None);
    course.now += seconds(36_000);
    assert_eq!(course.watch.next(course.now, &usual()), Some(Action::Look));
    course
        .watch
        .observe(Sighting::Silent("x".into()), course.now);
    assert_eq!(
        course.watch.next(course.now, &usual()),
        None,
        "its silence counts anew"
    );
    // And a clock that goes back ends nothing.
    course.now -= seconds(40_000 - 4_100);
    assert_eq!(course.run(seconds(700), &open()).len(), 0);
}

#[test]
fn a_browser_is_waited_for_and_given_time_for_its_tabs() {
    let gone = Sighting::NoBrowser("refused".into());
    let mut course = Course::from(gone.clone());
    assert_eq!(course.state(), State::Starting);
    assert_eq!(course.run(seconds(3600), &gone), []);
    let done = course.run(seconds(60), &Sighting::NoTab);
    assert_eq!(kinds(&done)[0], &Action::Open);
    assert!(done[0].0 >= 15, "{done:?}");
    course.run(seconds(20), &gone);
    assert_eq!(course.state(), State::Crashed);
    assert!(course.watch.state().1.starts_with("the browser is gone"));
    course.run(seconds(600), &gone);
    assert!(!course.watch.notice(course.now).expect("a notice").urgent);
}
