use mianzheng::vision::*;
use std::path::Path;
use std::time::Instant;
#[test]
fn quick() {
    let f=Path::new("models");
    let t=Instant::now();
    let mut p=pipeline::Pipeline::load(f).unwrap();
    println!("load {:?}",t.elapsed());
    for x in ["yunet","sface"] { let b=std::fs::read(format!("models/{x}.onnx")).unwrap(); println!("{x} {}", operator_count(&b, if x=="sface" {&[1,3,112,112]} else {&[1,3,256,320]}).unwrap()); }
    let imgs=["George_W_Bush/George_W_Bush_0001.jpg"];
    let base=Path::new("/work/shared/eval/lfw-dev/images");
    let mut e=vec![];
    for d in ["Clare_Short/Clare_Short_0001.jpg","Clare_Short/Clare_Short_0003.jpg","Azra_Akin/Azra_Akin_0001.jpg","Azra_Akin/Azra_Akin_0003.jpg"] {
        let fr=mianzheng::picture::load(&base.join(d)).unwrap();
        let faces=p.faces(&fr).unwrap();
        println!("{d} {:?}", faces.iter().map(|f|(f.score,f.bounds)).collect::<Vec<_>>());
        let face=p.central_face(&fr).unwrap().unwrap();
        println!("  q {:?} live {:?}", quality::Quality::of(&fr,&face), p.live(&fr,&face).unwrap());
        for _ in 0..3 { p.embed(&fr,&face).unwrap(); }
        let t=Instant::now(); for _ in 0..10 { p.faces(&fr).unwrap(); } let a=t.elapsed()/10;
        let t=Instant::now(); for _ in 0..10 { p.embed(&fr,&face).unwrap(); } let b=t.elapsed()/10;
        let t=Instant::now(); for _ in 0..10 { p.live(&fr,&face).unwrap(); } let c=t.elapsed()/10;
        println!("  detect {a:?} embed {b:?} live {c:?}");
        e.push(p.embed(&fr,&face).unwrap().unwrap());
    }
    for i in 0..4 { for j in 0..4 { print!("{:.2} ", f32::from(e[i].similarity(&e[j]).unwrap())); } println!(); }
}
#[test]
fn dumps() { let b=std::fs::read("models/yunet.onnx").unwrap(); dump(&b,&[1,3,256,320]);
 let l=liveness::LivenessModel::new(&std::fs::read("models/liveness.onnx").unwrap()).unwrap();
    let mut p=pipeline::Pipeline::load(Path::new("models")).unwrap();
    let fr=mianzheng::picture::load(Path::new("/work/shared/eval/lfw-dev/images/Clare_Short/Clare_Short_0003.jpg")).unwrap();
    let face=p.central_face(&fr).unwrap().unwrap();
    println!("{:?}", l.classes(&liveness::crop(&fr,&face)));
}
