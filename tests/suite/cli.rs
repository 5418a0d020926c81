//! The command line as scripts and people meet it: exit codes, JSON, one clear sentence.

use std::fs;

use serde_json::Value;

use crate::support::{json, portrait, program, root, run, stderr};

fn path(name: &str) -> String {
    portrait(name).display().to_string()
}

/// One sentence, no panic, and in the language asked for.
fn one_sentence(output: &std::process::Output, word: &str) {
    let text = stderr(output);
    assert!(text.contains(word), "{word:?} is not in {text:?}");
    assert!(!text.contains("panicked") && text.lines().count() <= 2, "{text}");
}

#[test]
fn compare_says_match_and_no_match_with_exit_codes() {
    let same = run(&["eval", "compare", &path("obama.jpg"), &path("obama2.jpg"), "--json"]);
    assert_eq!((json(&same)["verdict"].as_str(), same.status.code()), (Some("match"), Some(0)));
    let other = run(&["eval", "compare", &path("obama.jpg"), &path("biden.jpg"), "--json"]);
    let answer = json(&other);
    assert_eq!((answer["verdict"].as_str(), other.status.code()), (Some("no_match"), Some(1)));
    assert!(answer["similarity"].as_f64().expect("a number") < answer["threshold"].as_f64().expect("a number"));
}

#[test]
fn compare_answers_even_when_a_picture_cannot_be_used() {
    let fault = run(&["eval", "compare", "/nowhere.jpg", &path("obama.jpg"), "--json"]);
    assert_eq!((json(&fault)["verdict"].as_str(), fault.status.code()), (Some("fault"), Some(3)));
    let folder = tempfile::tempdir().expect("a folder");
    let wall = folder.path().join("wall.png");
    let mut encoder = png::Encoder::new(fs::File::create(&wall).expect("a file"), 320, 240);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().expect("a header").write_image_data(&vec![128; 320 * 240]).expect("written");
    let retry = run(&["eval", "compare", wall.to_str().expect("a path"), &path("obama.jpg"), "--json"]);
    assert_eq!((json(&retry)["verdict"].as_str(), retry.status.code()), (Some("retry"), Some(1)));
}

#[test]
fn enrolment_is_refused_where_the_face_way_is_closed() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let out = run(&["people", "enrol", "--data", data, "--identity", "/nowhere", "--image", &path("obama.jpg"), "--signed-consent-seen"]);
    assert_eq!(out.status.code(), Some(2));
    one_sentence(&out, "processor.name");
}

#[test]
fn pictures_that_are_none_are_named_and_do_not_stop_the_others() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = folder.path().join("text.jpg");
    fs::write(&text, "not a picture").expect("written");
    let cut = folder.path().join("cut.jpg");
    let whole = fs::read(portrait("obama.jpg")).expect("a portrait");
    fs::write(&cut, &whole[..whole.len() / 2]).expect("written");
    let out = run(&["eval", "image", text.to_str().expect("a path"), cut.to_str().expect("a path"), &path("obama.jpg"), "--json"]);
    assert_eq!(out.status.code(), Some(3));
    assert_eq!(stderr(&out).lines().count(), 2);
    let answer = json(&out);
    let images = answer["images"].as_array().expect("images");
    assert_eq!(images.len(), 3);
    assert!(images[0]["error"].is_string() && images[1]["error"].is_string());
    let face = &images[2]["faces"][0];
    assert_eq!(face["landmarks"].as_array().map(Vec::len), Some(5));
    assert!(face["box"].is_array() && face["quality"].is_object() && face["liveness"].is_number());
}

#[test]
fn verify_counts_what_it_loses_and_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let images = folder.path();
    let put = |name: &str, number: u32, bytes: &[u8]| {
        fs::create_dir_all(images.join(name)).expect("a folder");
        fs::write(images.join(name).join(format!("{name}_{number:04}.jpg")), bytes).expect("written");
    };
    let bytes = |name: &str| fs::read(portrait(name)).expect("a portrait");
    for fold in ["A", "B"] {
        put(fold, 1, &bytes("obama.jpg"));
        put(fold, 2, &bytes("obama2.jpg"));
        put(&format!("{fold}x"), 1, &bytes("biden.jpg"));
        put(&format!("{fold}x"), 2, b"damaged");
    }
    let pairs = folder.path().join("pairs.txt");
    fs::write(&pairs, "2\t2\nA\t1\t2\nA\t1\t2\nA\t1\tAx\t1\nA\t1\tAx\t2\nB\t1\t2\nB\t1\t2\nB\t1\tBx\t1\nB\t2\tBx\t2\n").expect("written");
    let args = ["eval", "verify", "--images", images.to_str().expect("a path"), "--pairs", pairs.to_str().expect("a path"), "--json"];
    let out = run(&args);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let answer = json(&out);
    assert_eq!(answer["pairs"], 8);
    assert_eq!(answer["failed_to_acquire"], 2);
    assert_eq!(answer["accuracy"], 1.0);
    assert!(answer["tmr_at_fmr"].is_object() && answer["ms_per_image"]["p50"].is_number());
    assert_eq!(stderr(&out).lines().count(), 2);

    fs::write(&pairs, "2\t2\nA\t1\n").expect("written");
    let out = run(&args);
    assert_eq!(out.status.code(), Some(2));
    one_sentence(&out, "line 2");
}

#[test]
fn all_pairs_groups_and_attacks_are_measured_and_written_as_pages() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let text = |name: &str| at(name).to_str().expect("a path").to_owned();
    for (subject, file) in [("Q/1.jpg", "obama.jpg"), ("Q/2.jpg", "obama2.jpg"), ("R/1.jpg", "biden.jpg"), ("S/1.jpg", "astronaut.jpg")] {
        for place in ["faces", "prints"] {
            let to = at(place).join(subject);
            fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
            fs::copy(portrait(file), to).expect("copied");
        }
    }
    fs::write(at("faces").join("R/2.jpg"), b"damaged").expect("written");
    fs::write(at("groups.csv"), "subject,kind\nQ,a\nR,a\nS,<b>\n").expect("written");
    let out = run(&["eval", "verify", "--images", &text("faces"), "--all-pairs", "--groups", &text("groups.csv"), "--html", &text("v.html"), "--json"]);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let answer = json(&out);
    assert_eq!((answer["pairs"].clone(), answer["failed_to_acquire"].clone()), (6.into(), 1.into()));
    assert_eq!(answer["fta"]["errors"], 1);
    assert_eq!(answer["shipped_fmr"], 0.0);
    assert_eq!(answer["shipped"]["shipped_fnmr"], 0.0);
    assert_eq!(answer["groups"][0]["name"], "kind");
    let page = fs::read_to_string(at("v.html")).expect("a page");
    assert!(page.contains("<svg") && page.contains("&lt;b&gt;") && !page.contains("<script"));
    assert!(!page.contains(" src=") && !page.contains(" href=\"h"), "nothing is loaded from anywhere");

    let prints = format!("print={}", text("prints"));
    let out = run(&["eval", "pad", "--bonafide", &text("faces"), "--attack", &prints, "--html", &text("p.html"), "--json"]);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let answer = json(&out);
    assert_eq!(answer["standing"], "not an ISO evaluation");
    assert_eq!(answer["presentations"], 9);
    assert_eq!(answer["found"]["whole"]["points"][0]["figures"]["bpnrr"]["errors"], 1);
    // The same pictures as "attacks": what passes as bona fide passes here too, and is counted.
    assert_eq!(answer["found"]["whole"]["points"][0]["figures"]["worst"]["species"], "print");
    assert!(fs::read_to_string(at("p.html")).expect("a page").contains("not an ISO evaluation"));

    // As clips, fewer than twelve frames are no answer: referral, not a guess.
    let out = run(&["eval", "pad", "--bonafide", &text("faces"), "--clips", "--json"]);
    assert_eq!(json(&out)["found"]["whole"]["points"][0]["figures"]["bpnrr"]["rate"], 1.0);
    let out = run(&["eval", "pad", "--bonafide", &text("faces"), "--attack", "print", "--json"]);
    assert_eq!(out.status.code(), Some(2));
    one_sentence(&out, "SPECIES=DIR");
}

#[test]
fn wrong_model_is_said_in_the_language_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    for entry in mianzheng::vision::manifest::entries().expect("a manifest") {
        fs::write(folder.path().join(&entry.file), "not a model").expect("written");
    }
    let models = folder.path().to_str().expect("a path");
    for (lang, word) in [("en", "checksum"), ("zh-CN", "校验值"), ("zh-TW", "校驗值")] {
        let out = run(&["--lang", lang, "--models", models, "eval", "compare", &path("obama.jpg"), &path("obama.jpg")]);
        assert_eq!(out.status.code(), Some(3));
        one_sentence(&out, word);
    }
}

#[test]
fn no_display_is_said_with_the_way_to_a_picture() {
    for args in [&["run"][..], &["demo"]] {
        let out = run(args);
        assert_eq!(out.status.code(), Some(3));
        one_sentence(&out, "--headless");
    }
}

#[test]
fn broken_site_files_are_refused_and_blank_ones_lock_the_face_way() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("site.toml");
    let site = |text: &str| {
        fs::write(&file, text).expect("written");
        run(&["doctor", "--site", file.to_str().expect("a path"), "--data", folder.path().to_str().expect("a path")])
    };
    let good = fs::read_to_string(root().join("tests/data/demo/site.toml")).expect("a site");
    let out = site("place = ");
    assert_eq!(out.status.code(), Some(2));
    one_sentence(&out, "line 1");
    let out = site(&good.replace(r#"["face", "card", "staff"]"#, r#"["face"]"#));
    assert_eq!(out.status.code(), Some(2));
    one_sentence(&out, "only way");
    let out = site(&good.replace("contact = \"12345\"", "contact = \"\""));
    assert_eq!(out.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&out.stdout).contains("processor.contact"));
    let out = run(&["doctor", "--site", "/nowhere/site.toml"]);
    assert_eq!(out.status.code(), Some(2));
}

#[test]
fn demo_with_a_blank_field_closes_the_face_way_and_keeps_the_card() {
    let folder = tempfile::tempdir().expect("a folder");
    let good = fs::read_to_string(root().join("tests/data/demo/site.toml")).expect("a site");
    let site = folder.path().join("site.toml");
    fs::write(&site, good.replace("retention-days = 365", "retention-days = 0")).expect("written");
    let script = folder.path().join("script.jsonl");
    fs::write(
        &script,
        r#"{"do":"expect","stage":"home","lacks":["method-face","register"],"prompts":["retention-days"]}
{"do":"wait","ms":3000}
{"do":"expect","stage":"home","lacks":["method-face","register"],"offers":["method-card"],"within_ms":1}
{"do":"tap","id":"method-card"}
{"do":"card","id":"a"}
{"do":"expect","stage":"result","outcome":"card","camera_opened":0}
"#,
    )
    .expect("written");
    let out = program().args(["demo", "--headless", "--script"]).arg(&script).arg("--site").arg(&site).output().expect("runs");
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    assert!(stderr(&out).contains("retention-days"));
}

#[test]
fn check_31_without_camera_or_models_the_card_does_the_task() {
    let folder = tempfile::tempdir().expect("a folder");
    let script = folder.path().join("script.jsonl");
    fs::write(
        &script,
        r#"{"do":"wait","ms":1500}
{"do":"expect","stage":"home","lacks":["method-face"],"prompts":["models-refused"]}
{"do":"tap","id":"method-card"}
{"do":"card","id":"a"}
{"do":"expect","stage":"result","outcome":"card","camera_opened":0}
"#,
    )
    .expect("written");
    let out = program().args(["demo", "--headless", "--models"]).arg(folder.path()).arg("--script").arg(&script).output().expect("runs");
    assert_eq!(out.status.code(), Some(0), "{out:?}");
}

#[test]
fn store_faults_have_their_sentences() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let list = || run(&["people", "list", "--data", data]);
    assert_eq!(list().status.code(), Some(0));
    let key = folder.path().join("keys/master.key");
    let saved = fs::read(&key).expect("the key");
    let mut damaged = saved.clone();
    damaged[20] ^= 1;
    fs::write(&key, &damaged).expect("written");
    let out = list();
    assert_eq!(out.status.code(), Some(3));
    one_sentence(&out, "is damaged");
    let other = tempfile::tempdir().expect("a folder");
    assert_eq!(run(&["people", "list", "--data", other.path().to_str().expect("a path")]).status.code(), Some(0));
    fs::copy(other.path().join("keys/master.key"), &key).expect("copied");
    let out = list();
    assert_eq!(out.status.code(), Some(3));
    one_sentence(&out, "does not belong");
    fs::remove_file(&key).expect("removed");
    let out = list();
    assert_eq!(out.status.code(), Some(3));
    one_sentence(&out, "no new key");
    fs::write(&key, &saved).expect("written");
    let file = folder.path().join("store/mianzheng.db");
    fs::write(&file, "garbage".repeat(2000)).expect("written");
    let out = list();
    assert_eq!(out.status.code(), Some(3));
    one_sentence(&out, "damaged");
}

#[test]
fn people_are_enrolled_listed_and_erased_without_showing_who_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let given = folder.path().join("identity.json");
    let enrol = |identity: &str, image: &str| {
        fs::write(&given, identity).expect("written");
        let given = given.to_str().expect("a path");
        run(&["people", "enrol", "--site", "tests/data/demo/site.toml", "--data", data, "--identity", given, "--image", &path("obama.jpg"), "--image", &path(image), "--signed-consent-seen"])
    };
    let adult = r#"{"name":"Sample Person","number":"11010519491231002X","birth":"1949-12-31","claim":"2468"}"#;
    assert_eq!(enrol(adult, "biden.jpg").status.code(), Some(1));
    let child = adult.replace("1949", "2020");
    let out = enrol(&child, "obama2.jpg");
    assert_eq!(out.status.code(), Some(1));
    one_sentence(&out, "guardian");
    let out = enrol(adult, "obama2.jpg");
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let out = run(&["people", "list", "--data", data, "--json"]);
    let people: Value = json(&out);
    assert_eq!(people["people"].as_array().map(Vec::len), Some(1));
    assert!(!people.to_string().contains("Sample"));
    let id = people["people"][0]["id"].to_string();
    assert_eq!(run(&["people", "erase", "--data", data, &id]).status.code(), Some(0));
    assert_eq!(run(&["people", "erase", "--data", data, &id]).status.code(), Some(1));
}

#[test]
fn first_journey_runs_to_its_end() {
    let out = run(&["demo", "--headless", "--script", "tests/data/journeys/first.jsonl"]);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
}

#[test]
fn staff_journey_runs_to_its_end() {
    let out = run(&["demo", "--headless", "--script", "tests/data/journeys/staff.jsonl"]);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
}

#[test]
fn guardian_journey_runs_to_its_end() {
    let out = run(&["demo", "--headless", "--script", "tests/data/journeys/guardian.jsonl"]);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
}

#[test]
fn a_camera_that_is_pulled_comes_back_into_the_same_session_or_leaves_the_card() {
    let out = run(&["demo", "--headless", "--script", "tests/data/journeys/camera.jsonl"]);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
}

#[test]
fn operators_keys_audit_and_backups_at_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name).to_str().expect("a path").to_owned();
    let data = at("data");
    fs::write(at("one"), "early rain on the river\n").expect("written");
    fs::write(at("two"), "old stones in the yard\n").expect("written");
    fs::write(at("both"), "early rain on the river\nold stones in the yard\n").expect("written");
    fs::write(at("phrase"), "a long walk along the old canal\n").expect("written");
    fs::write(at("wrong"), "a short walk\n").expect("written");
    let go = |code: i32, words: &str, args: &[&str]| {
        let out = run(&[args, &["--data", &data]].concat());
        let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), stderr(&out));
        assert_eq!(out.status.code(), Some(code), "{args:?}: {said}");
        assert!(said.contains(words), "{args:?}: {said}");
        said
    };
    let (one, two, both) = (at("one"), at("two"), at("both"));
    let first = ["--operator", "chen", "--passwords", &one];
    let pair = ["--operator", "chen", "--operator", "lin", "--passwords", &both];
    go(1, "supervisor", &["operator", "add", "--role", "clerk", "wu", "--new-password", &one]);
    go(0, "", &["operator", "add", "--role", "supervisor", "chen", "--new-password", &one]);
    go(1, "--operator", &["people", "list"]);
    go(1, "not right", &["people", "list", "--operator", "chen", "--passwords", &two]);
    go(0, "", &[&["people", "list"], &first[..]].concat());
    go(0, "", &[&["operator", "add", "--role", "supervisor", "lin", "--new-password", &two], &first[..]].concat());
    go(1, "two", &[&["key", "add", "recovery"], &first[..]].concat());
    go(0, "", &[&["key", "add", "passphrase", "--new-passphrase", &at("phrase")], &pair[..]].concat());
    let (phrase, wrong) = (at("phrase"), at("wrong"));
    let open = ["--passphrase", &phrase];
    go(0, "", &[&["key", "remove", "file"], &pair[..], &open].concat());
    go(3, "not right", &[&["people", "list"], &first[..], &["--passphrase", &wrong]].concat());
    go(3, "--passphrase", &[&["people", "list"], &first[..]].concat());
    go(0, "only guess", &[&["key", "list"], &first[..], &open].concat());
    go(3, "last way", &[&["key", "remove", "passphrase"], &pair[..], &open].concat());
    let export = at("export.jsonl");
    go(1, "two", &[&["audit", "export", "--to", &export], &first[..], &open].concat());
    go(0, "", &[&["audit", "export", "--to", &export], &pair[..], &open].concat());
    let head = go(0, "hash", &[&["audit", "head", "--json"], &first[..], &open].concat());
    let head: Value = serde_json::from_str(&head).expect("json");
    let kept = format!("{}:{}", head["seq"], head["hash"].as_str().expect("a hash"));
    go(0, "whole", &[&["audit", "verify", "--head", &kept], &first[..], &open].concat());
    go(1, "", &[&["audit", "verify", "--head", "1:00"], &first[..], &open].concat());
    let backup = at("backup.mz");
    go(0, "", &[&["backup", "create", "--to", &backup], &pair[..], &open].concat());
    go(1, "nothing to restore", &[&["backup", "restore", "--from", &backup], &pair[..], &open].concat());
    fs::write(folder.path().join("data/store/mianzheng.db"), "broken".repeat(999)).expect("written");
    go(3, "damaged", &[&["people", "list"], &first[..], &open].concat());
    go(1, "two", &[&["backup", "restore", "--from", &backup], &first[..], &open].concat());
    go(0, "", &[&["backup", "restore", "--from", &backup], &pair[..], &open].concat());
    go(0, "whole", &[&["audit", "verify"], &first[..], &open].concat());
}

#[test]
fn every_camera_fault_has_its_own_words_on_the_way_to_the_card() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a path");
    let given = folder.path().join("identity.json");
    fs::write(&given, r#"{"name":"S","number":"11010519491231002X","birth":"1949-12-31","claim":"2468"}"#).expect("written");
    let out = run(&["people", "enrol", "--site", "tests/data/demo/site.toml", "--data", data, "--identity", given.to_str().expect("a path"), "--image", &path("obama.jpg"), "--signed-consent-seen"]);
    assert_eq!(out.status.code(), Some(0), "{out:?}");
    let mut script = String::from("{\"do\":\"expect\",\"stage\":\"home\",\"offers\":[\"method-face\"],\"within_ms\":120000}\n");
    for (scene, fault) in [("missing", "missing"), ("busy", "busy"), ("denied", "denied"), ("unplugged", "unplugged"), ("frozen", "stalled")] {
        script += &format!(
            r#"{{"do":"camera","id":"{scene}"}}
{{"do":"tap","id":"method-face"}}
{{"do":"tap","id":"digit-2"}}
{{"do":"tap","id":"digit-4"}}
{{"do":"tap","id":"digit-6"}}
{{"do":"tap","id":"digit-8"}}
{{"do":"tap","id":"claim-done"}}
{{"do":"tap","id":"notice-down","until":"continue"}}
{{"do":"tap","id":"continue"}}
{{"do":"tap","id":"agree"}}
{{"do":"expect","stage":"result","prompts":["fault-camera-{fault}","next-card-or-staff"],"offers":["method-card","call-staff"],"camera":"off"}}
{{"do":"tap","id":"method-card"}}
{{"do":"card","id":"a"}}
{{"do":"expect","stage":"result","outcome":"card"}}
{{"do":"tap","id":"home"}}
{{"do":"expect","stage":"home"}}
"#
        );
    }
    let file = folder.path().join("faults.jsonl");
    fs::write(&file, script).expect("written");
    let out = program().args(["demo", "--headless", "--data", data, "--script"]).arg(&file).output().expect("runs");
    assert_eq!(out.status.code(), Some(0), "{out:?}");
}

#[test]
fn a_script_that_does_not_hold_names_its_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("bad.jsonl");
    fs::write(&file, "# first\n{\"do\":\"expect\",\"stage\":\"result\",\"within_ms\":50}\n").expect("written");
    let out = program().args(["demo", "--headless", "--script"]).arg(&file).output().expect("runs");
    assert_eq!(out.status.code(), Some(1));
    one_sentence(&out, "Line 2");
    fs::write(&file, "{\"do\":\"dance\"}\n").expect("written");
    let out = program().args(["demo", "--headless", "--script"]).arg(&file).output().expect("runs");
    assert_eq!(out.status.code(), Some(2));
}
