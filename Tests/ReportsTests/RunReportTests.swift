import Files
import Foundation
import Graphs
import Testing

@testable import Reports
@testable import VAE

@Suite("the report of a run") struct RunReportTests {
  private func html(_ report: RunReport) throws -> String {
    try String(contentsOf: URL(fileURLWithPath: report.path), encoding: .utf8)
  }

  private func report(_ folder: Scratch, _ data: TrainingData, _ trainer: Trainer) throws
    -> RunReport
  {
    try RunReport(
      folder("report"), title: "A run", data, trainer, share: .infinity,
      backend: try Backends.selected)
  }

  @Test("is there after the first look, holds all it shows, and is small")
  func contents() throws {
    let folder = try Scratch()
    let data = try ReportFixture.data(folder)
    let trainer = try ReportFixture.trainer(data)
    let report = try report(folder, data, trainer)
    try ReportFixture.run(trainer, data, report, epochs: 1)
    let first = try html(report)
    for title in ["Reconstructions", "Samples", "From one picture to another", "A hole filled"] {
      #expect(first.contains("<h3>\(title)</h3>"))
    }
    #expect(first.contains("One look so far"))
    #expect(first.contains("http-equiv=\"refresh\""))
    try ReportFixture.run(trainer, data, report, epochs: 3)
    let page = try html(report)
    for title in [
      "Bound", "Rate", "Distortion", "Learning rate", "Weight of the rate", "Rate by level",
      "Active latents by level",
    ] {
      #expect(page.contains("<h3>\(title)</h3>"), "\(title)")
    }
    for level in ["6x6", "3x3", "1x1"] { #expect(page.contains("<span>\(level)</span>")) }
    #expect(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"))
    #expect(page.utf8.count < 300_000)
    try report.finish(trainer, isDone: true)
    #expect(try !html(report).contains("http-equiv=\"refresh\""))
    #expect(try html(report).contains("The run is done."))
  }

  @Test("goes on with what a run before it has written, up to the step that it goes on from")
  func resume() throws {
    let folder = try Scratch()
    let data = try ReportFixture.data(folder)
    let first = try ReportFixture.trainer(data)
    let report = try report(folder, data, first)
    try ReportFixture.run(first, data, report, epochs: 2)
    try first.writeCheckpoint(to: folder("checkpoint"))
    // What comes after the checkpoint comes again.
    try ReportFixture.run(first, data, report, epochs: 2)
    func steps() throws -> [Int] {
      try RunHistory(path: folder("report/history.ndjson")).entries.map(\.step)
    }
    #expect(try steps() == [3, 6, 9, 12])
    let second = try ReportFixture.trainer(data)
    try second.resume(from: folder("checkpoint"))
    let resumed = try self.report(folder, data, second)
    #expect(try steps() == [3, 6])
    try ReportFixture.run(second, data, resumed, epochs: 3)
    #expect(try steps() == [3, 6, 9, 12, 15])
    #expect(try html(resumed).contains("samples at epoch 1\""))
    // A run that begins anew has none of it.
    _ = try self.report(folder, data, try ReportFixture.trainer(data))
    #expect(try FileReader.readFile(folder("report/history.ndjson")).isEmpty)
    #expect(try Paths.list(folder("report/samples")).isEmpty)
  }

  @Test("changes nothing of the run")
  func harmless() throws {
    let folder = try Scratch()
    let data = try ReportFixture.data(folder)
    let (plain, reported) = (try ReportFixture.trainer(data), try ReportFixture.trainer(data))
    let batches = data.batches(for: plain)
    for _ in 0..<6 { try plain.step(batches) }
    try ReportFixture.run(reported, data, try report(folder, data, reported), epochs: 2)
    for slot in plain.model.parameters.slots {
      #expect(plain.model.parameters[slot.name] == reported.model.parameters[slot.name])
    }
  }

  @Test("a page that cannot be written is an error that the next look may mend")
  func failures() throws {
    let folder = try Scratch()
    let data = try ReportFixture.data(folder)
    let trainer = try ReportFixture.trainer(data)
    let report = try report(folder, data, trainer)
    // In the place of the page stands what it cannot take the place of.
    try FileManager.default.createDirectory(
      atPath: report.path, withIntermediateDirectories: true)
    #expect(throws: FileError.self) {
      try ReportFixture.run(trainer, data, report, epochs: 1)
    }
    try FileManager.default.removeItem(atPath: folder("report"))
    try ReportFixture.run(trainer, data, report, epochs: 1)
    #expect(try html(report).contains("Reconstructions"))
  }

  @Test("of few pictures, none of which is held out, says so")
  func nothingHeldOut() throws {
    let folder = try Scratch()
    let data = try ReportFixture.data(folder, count: 8)
    let trainer = try ReportFixture.trainer(data)
    let report = try report(folder, data, trainer)
    try ReportFixture.run(trainer, data, report, epochs: 2)
    let page = try html(report)
    #expect(page.contains("Pictures it learns from (none is held out)"))
    #expect(!page.contains("held out</"))
  }
}

@Suite("samples over a run") struct SampleFilmTests {
  @Test("the first and the last row stay, and those between spread")
  func rows() throws {
    let folder = try Scratch()
    let samples = try ReportFixture.data(folder).examples(3, ReportFixture.training)
    var film = SampleFilm(folder("samples"), resumingAt: nil)
    for step in 1...40 { try film.add(samples, step: step) }
    let steps = film.rows.map(\.step)
    #expect(steps.count == SampleFilm.most && steps.first == 1 && steps.last == 40)
    #expect(steps[steps.count - 2] < 36 && steps[1] < 8)
    #expect(try Paths.list(folder("samples")).count == steps.count)
    let resumed = SampleFilm(folder("samples"), resumingAt: steps[2])
    #expect(resumed.rows.map(\.step) == Array(steps[...2]))
    #expect(resumed.rows[0].pixels.shape == film.rows[0].pixels.shape)
  }
}
