//! The Measures, article by article: which rules of this program answer them, and which tests
//! prove the rules. `comply report` shows it with the state of the device; a test holds the names
//! against the sources.

use super::message::Msg;

/// A rule of the program and the tests that prove it.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Its name.
    pub name: &'static str,
    /// The articles of the Measures it answers.
    pub articles: &'static [u8],
    /// Names of test functions.
    pub tests: &'static [&'static str],
}

/// All rules.
pub const RULES: &[Rule] = &[
    Rule { name: "no-training", articles: &[2], tests: &["check_40_nothing_of_a_vendor_or_a_sample_is_in_the_program"] },
    Rule {
        name: "purpose-bound",
        articles: &[4],
        tests: &["check_23_the_assessment_opens_and_a_change_or_a_major_incident_closes", "every_reason_alone_closes_the_face_way_and_is_named"],
    },
    Rule {
        name: "notice-complete",
        articles: &[5],
        tests: &["check_06_each_blank_field_closes_the_face_way_by_name", "check_07_the_notice_tells_every_item_in_every_language"],
    },
    Rule { name: "notice-versions", articles: &[5], tests: &["check_36_a_material_change_suspends_until_consent_is_given_anew"] },
    Rule {
        name: "separate-consent",
        articles: &[6],
        tests: &["check_02_the_notice_comes_first_and_the_camera_after_consent", "check_08_the_question_stands_alone_with_equal_buttons",
            "no_capture_without_consent_and_no_child_without_a_guardian"],
    },
    Rule {
        name: "withdrawal",
        articles: &[6],
        tests: &["check_10_withdrawing_takes_no_face_and_fewer_steps_than_enrolling", "check_11_nothing_of_who_withdrew_can_be_opened"],
    },
    Rule {
        name: "guardian",
        articles: &[7],
        tests: &["check_15_a_child_needs_a_guardian_until_the_day_after_the_birthday", "check_16_guardians_decide_and_staff_need_approval",
            "no_capture_without_consent_and_no_child_without_a_guardian"],
    },
    Rule { name: "stored-in-the-device", articles: &[8], tests: &["check_19_no_packet_leaves_and_no_socket_can_be_made", "check_20_a_copy_opens_nowhere_and_edits_are_noticed"] },
    Rule { name: "shortest-retention", articles: &[8], tests: &["check_14_retention_ends_and_a_clock_set_back_is_noticed"] },
    Rule { name: "assessment", articles: &[9], tests: &["check_23_the_assessment_opens_and_a_change_or_a_major_incident_closes"] },
    Rule { name: "records-three-years", articles: &[9], tests: &["check_24_records_stay_three_years_and_hold_nothing_biometric"] },
    Rule {
        name: "other-ways",
        articles: &[10],
        tests: &["check_03_declining_leads_to_the_same_service", "check_17_the_face_may_not_be_the_only_way", "check_31_without_camera_or_models_the_card_does_the_task"],
    },
    Rule { name: "id-card", articles: &[11], tests: &["check_31_without_camera_or_models_the_card_does_the_task"] },
    Rule { name: "neutral-words", articles: &[12], tests: &["no_word_urges_toward_the_face_or_blames", "check_04_after_declining_nobody_is_asked_again"] },
    Rule { name: "place-and-sign", articles: &[13], tests: &["check_18_no_face_device_in_a_private_space", "check_06_each_blank_field_closes_the_face_way_by_name"] },
    Rule {
        name: "security",
        articles: &[14],
        tests: &["check_20_a_copy_opens_nowhere_and_edits_are_noticed", "check_21_one_byte_of_the_log_is_missed", "check_22_roles_are_kept_and_five_tries_lock"],
    },
    Rule { name: "filing", articles: &[15], tests: &["check_25_the_hundred_thousandth_person_starts_the_period", "check_26_a_change_and_the_end_have_their_periods"] },
    Rule { name: "inspection", articles: &[16], tests: &["check_37_an_auditor_reads_the_papers_and_each_look_is_recorded"] },
    Rule { name: "complaints", articles: &[17], tests: &["check_28_my_data_shows_what_why_until_when_and_what_was_asked"] },
    Rule { name: "verification-only", articles: &[19], tests: &["check_38_identification_cannot_be_reached"] },
];

/// Articles that ask nothing of a device.
pub const NOT_OF_A_DEVICE: [u8; 4] = [1, 3, 18, 20];

/// What became of one of the inspector's checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// A test of this name does it.
    Tested(&'static str),
    /// A part is tested; the rest waits for this.
    Partly(&'static str, Msg),
    /// It waits for this.
    Later(Msg),
}

/// The inspector's checks, 1 to 40.
pub const CHECKS: [Check; 40] = [
    Check::Tested("check_01_at_rest_the_camera_is_closed"),
    Check::Tested("check_02_the_notice_comes_first_and_the_camera_after_consent"),
    Check::Tested("check_03_declining_leads_to_the_same_service"),
    Check::Tested("check_04_after_declining_nobody_is_asked_again"),
    Check::Tested("check_05_silence_is_no"),
    Check::Tested("check_06_each_blank_field_closes_the_face_way_by_name"),
    Check::Tested("check_07_the_notice_tells_every_item_in_every_language"),
    Check::Tested("check_08_the_question_stands_alone_with_equal_buttons"),
    Check::Tested("check_09_purpose_and_camera_are_shown_and_cancelling_wipes"),
    Check::Tested("check_10_withdrawing_takes_no_face_and_fewer_steps_than_enrolling"),
    Check::Tested("check_11_nothing_of_who_withdrew_can_be_opened"),
    Check::Tested("check_12_no_picture_is_left_on_the_disk"),
    Check::Tested("check_13_who_stands_outside_the_zone_is_never_seen"),
    Check::Tested("check_14_retention_ends_and_a_clock_set_back_is_noticed"),
    Check::Tested("check_15_a_child_needs_a_guardian_until_the_day_after_the_birthday"),
    Check::Tested("check_16_guardians_decide_and_staff_need_approval"),
    Check::Tested("check_17_the_face_may_not_be_the_only_way"),
    Check::Tested("check_18_no_face_device_in_a_private_space"),
    Check::Tested("check_19_no_packet_leaves_and_no_socket_can_be_made"),
    Check::Tested("check_20_a_copy_opens_nowhere_and_edits_are_noticed"),
    Check::Tested("check_21_one_byte_of_the_log_is_missed"),
    Check::Tested("check_22_roles_are_kept_and_five_tries_lock"),
    Check::Tested("check_23_the_assessment_opens_and_a_change_or_a_major_incident_closes"),
    Check::Tested("check_24_records_stay_three_years_and_hold_nothing_biometric"),
    Check::Tested("check_25_the_hundred_thousandth_person_starts_the_period"),
    Check::Tested("check_26_a_change_and_the_end_have_their_periods"),
    Check::Tested("check_27_an_incident_has_its_drafts"),
    Check::Tested("check_28_my_data_shows_what_why_until_when_and_what_was_asked"),
    Check::Tested("check_29_three_mismatches_route_and_never_deny"),
    Check::Partly("check_30_doubt_refers_and_shows_no_score", Msg::OpenEyes),
    Check::Tested("check_31_without_camera_or_models_the_card_does_the_task"),
    Check::Tested("check_32_a_blind_person_registers_and_checks_in_by_keys_and_voice_alone"),
    Check::Tested("check_33_large_and_high_contrast_from_the_first_screen"),
    Check::Tested("check_34_time_runs_out_only_after_a_warning"),
    Check::Tested("check_35_staff_are_at_the_same_place_on_every_screen"),
    Check::Tested("check_36_a_material_change_suspends_until_consent_is_given_anew"),
    Check::Tested("check_37_an_auditor_reads_the_papers_and_each_look_is_recorded"),
    Check::Tested("check_38_identification_cannot_be_reached"),
    Check::Tested("check_39_two_enrolments_share_no_comparable_value"),
    Check::Tested("check_40_nothing_of_a_vendor_or_a_sample_is_in_the_program"),
];

/// The title of an article. Range: 1 to 20.
#[must_use]
pub fn title(article: u8) -> Msg {
    TITLES[usize::from(article.clamp(1, 20)) - 1]
}

/// What a check is about. Range: 1 to 40.
#[must_use]
pub fn about(check: u8) -> Msg {
    ABOUT[usize::from(check.clamp(1, 40)) - 1]
}

const TITLES: [Msg; 20] = [
    Msg::LawArt1, Msg::LawArt2, Msg::LawArt3, Msg::LawArt4, Msg::LawArt5, Msg::LawArt6, Msg::LawArt7, Msg::LawArt8, Msg::LawArt9,
    Msg::LawArt10, Msg::LawArt11, Msg::LawArt12, Msg::LawArt13, Msg::LawArt14, Msg::LawArt15, Msg::LawArt16, Msg::LawArt17,
    Msg::LawArt18, Msg::LawArt19, Msg::LawArt20,
];

const ABOUT: [Msg; 40] = [
    Msg::Check1, Msg::Check2, Msg::Check3, Msg::Check4, Msg::Check5, Msg::Check6, Msg::Check7, Msg::Check8, Msg::Check9, Msg::Check10,
    Msg::Check11, Msg::Check12, Msg::Check13, Msg::Check14, Msg::Check15, Msg::Check16, Msg::Check17, Msg::Check18, Msg::Check19,
    Msg::Check20, Msg::Check21, Msg::Check22, Msg::Check23, Msg::Check24, Msg::Check25, Msg::Check26, Msg::Check27, Msg::Check28,
    Msg::Check29, Msg::Check30, Msg::Check31, Msg::Check32, Msg::Check33, Msg::Check34, Msg::Check35, Msg::Check36, Msg::Check37,
    Msg::Check38, Msg::Check39, Msg::Check40,
];
