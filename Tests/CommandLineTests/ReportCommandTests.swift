import Foundation
import Testing

@Suite("reports") struct ReportCommandTests {
  private func page(_ path: String) throws -> String {
    try String(contentsOf: URL(fileURLWithPath: path), encoding: .utf8)
  }

  private let options = [
    "--preset", "deep", "--widths", "8,8,8", "--groups", "1,1,1", "--latents", "2", "--batch-size",
    "4",
    "--seed", "4", "--threads", "1",
  ]

  private func train(_ folder: Folder, _ more: String...) throws -> Program.Result {
    try Program.run(
      ["train", Samples.folder("discs"), "-o", folder("m.safetensors")] + options + more)
  }

  @Test("changes nothing of the model that train makes")
  func harmless() throws {
    let folder = try Folder()
    #expect(try train(folder, "--steps", "10").exitCode == 0)
    let plain = try folder.data("m.safetensors")
    #expect(try train(folder, "--steps", "10", "--report", folder("report")).exitCode == 0)
    #expect(try folder.data("m.safetensors") == plain)
  }

  @Test("train keeps one, which goes on with --resume")
  func train() throws {
    let folder = try Folder()
    let report = folder("report")
    let first = try train(
      folder, "--steps", "4", "--keep-checkpoint", "--report", report)
    #expect(first.exitCode == 0, "\(first.errors)")
    let history = try page(report + "/history.ndjson").split(separator: "\n")
    #expect(history.count == 2)
    let second = try train(folder, "--steps", "10", "--resume", "--report", report)
    #expect(second.exitCode == 0, "\(second.errors)")
    let lines = try page(report + "/history.ndjson").split(separator: "\n")
    #expect(Array(lines.prefix(2)) == history)
    // Looks take a twentieth of the time at most, so that one of these short epochs may go without.
    let steps = lines.map { $0.dropFirst(8).prefix { $0 != "," } }
    #expect([["2", "4", "6", "10"], ["2", "4", "6", "8", "10"]].contains(steps), "\(steps)")
    let html = try page(report + "/report.html")
    #expect(html.contains("<title>Training m.safetensors</title>"))
    #expect(html.contains("The run is done.") && html.contains("<h3>Bound</h3>"))
    // The finished model, with the curves of its run.
    let finished = try Program.succeed(
      "report", folder("m.safetensors"), Samples.disc(0), Samples.disc(5),
      Samples.folder("large.png"),
      "-o", folder("new/page"), "--log", report + "/history.ndjson")
    #expect(finished.text == folder("new/page/report.html") + "\n")
    let other = try page(folder("new/page/report.html"))
    #expect(other.contains("What m makes of pictures") && other.contains("<h3>Bound</h3>"))
    #expect(other.contains("<h3>A hole filled</h3>") && other.contains("Active latents by level"))
  }

  @Test(
    "a folder that cannot be written to is told of before a run; one that goes away does not end it"
  )
  func failures() throws {
    let folder = try Folder()
    try Data("a file".utf8).write(to: folder.url("taken"))
    let refused = try train(folder, "--steps", "4", "--report", folder("taken"))
    #expect(refused.exitCode == 73 && refused.errors.contains("taken: "))
    // In the place of the page stands what no file can take the place of.
    try FileManager.default.createDirectory(
      atPath: folder("report/report.html"), withIntermediateDirectories: true)
    let gone = try train(folder, "--steps", "8", "--report", folder("report"))
    #expect(gone.exitCode == 0)
    let told = gone.errors.split(separator: "\n").filter {
      $0.contains("no report, training continues")
    }
    #expect(told.count == 1, "\(gone.errors)")
    #expect(try folder.names.contains("m.safetensors"))
  }

  @Test("of a model that restores shows damage, what became of it, and the clean picture")
  func conditional() throws {
    let folder = try Folder()
    let model = folder("p.safetensors")
    let result = try Program.run([
      "train", Samples.folder("large.png"), Samples.folder("large.png"), "-o", model, "--preset",
      "photograph",
      "--crop", "16x16", "--widths", "4,6", "--latents", "2", "--batch-size",
      "2",
      "--steps", "6", "--threads", "1", "--report", folder("report"),
    ])
    #expect(result.exitCode == 0, "\(result.errors)")
    let html = try page(folder("report/report.html"))
    #expect(
      html.contains("Damaged, restored, clean") && html.contains("<h3>Restored pictures</h3>"))
    try Program.succeed("report", model, Samples.folder("large.png"), "-o", folder("page"))
    #expect(try page(folder("page/report.html")).contains("Damaged, restored, clean"))
  }

  @Test("a log that is none, and a model where no picture is")
  func refusals() throws {
    let folder = try Folder()
    let log = Samples.folder("broken.png")
    let line = try Program.fail(
      65, ["report", Samples.model, Samples.disc(0), "-o", folder("r"), "--log", log])
    #expect(line.contains("expected the log of a training run, found none"))
    #expect(
      try Program.fail(66, ["report", Samples.model, folder("none"), "-o", folder("r")]) != "")
  }

  @Test("an .npz trains, all of it or one of its arrays")
  func archives() throws {
    let folder = try Folder()
    let archive = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Fixtures/arrays/deflated.npz").path
    let arguments = ["--preset", "aevb", "--hidden", "4", "--steps", "2", "--threads", "1", "-o"]
    let one = try Program.run(
      ["train", archive + "/gray", "--validation", archive + "/wide"] + arguments
        + [folder("a.safetensors")])
    #expect(
      one.exitCode == 0 && one.errors.contains("5 pictures of 7x6 gray, 5 held out"),
      "\(one.errors)")
    let all = try Program.run(["train", archive] + arguments + [folder("b.safetensors")])
    #expect(all.errors.contains("19 pictures of 7x6 color, 1 held out"), "\(all.errors)")
    let none = try Program.fail(
      66, ["train", archive + "/test"] + arguments + [folder("c.safetensors")])
    #expect(none.contains("expected one of the arrays gray, wide"))
  }
}
