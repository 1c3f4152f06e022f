import Batches
import Files
import Foundation
import ImageCodecs
import Pictures
import Restoration
import Testing
import VAE

@testable import Commands

@Suite("pieces of commands")
struct PieceTests {
  @Test func patterns() {
    #expect(OutputPattern("out-%04d.png")?.path(7) == "out-0007.png")
    #expect(OutputPattern("%d")?.path(12) == "12")
    #expect(OutputPattern("100%%-%d.png")?.path(1) == "100%-1.png")
    for text in ["out.png", "%s.png", "%4d.png", "%d-%d.png", "100%%.png", "50%"] {
      #expect(OutputPattern(text) == nil)
    }
  }

  @Test func decimals() {
    #expect(decimal(-1.005, 1) == "-1.0")
    #expect(decimal(0.05, 1) == "0.1")
    #expect(decimal(-0.001, 2) == "0.00")
    #expect(decimal(12.5, 0) == "13")
    #expect(decimal(.infinity, 2) == "inf" && decimal(.nan, 2) == "nan")
    #expect(grouped(1_234_567) == "1,234,567" && grouped(-123) == "-123")
    #expect(duration(59.4) == "59s" && duration(200) == "3m20s" && duration(7500) == "2h05m")
  }

  @Test("names are looked up in order; paths are left alone")
  func locator() throws {
    let folder = try Folder()
    let locator = ModelLocator(
      variable: "/first:/second", executable: folder("build/debug/latent"))
    #expect(locator.folders.prefix(2) == ["/first", "/second"])
    #expect(locator.folders[2].hasSuffix("build/debug/../share/latent/models"))
    #expect(try locator.path(of: "a/b") == "a/b")
    #expect(try locator.path(of: "b.safetensors") == "b.safetensors")
    #expect(throws: ModelNotFound.self) { try locator.path(of: "b") }
  }

  @Test("lines come more and more rarely where no terminal is; one is written over where one is")
  func progress() {
    nonisolated(unsafe) var time = 0.0
    nonisolated(unsafe) var text = ""
    var display = ProgressDisplay(.lines, clock: { time }, write: { text += $0 })
    var times: [Double] = []
    while time < 60 {
      if display.isDue {
        display.show(ProgressBar(parts: [], plain: "x"))
        times.append(time)
      }
      time += 0.25
    }
    #expect(times.first == 2)
    let gaps = zip(times, times.dropFirst()).map { $1 - $0 }
    #expect(gaps.count >= 4 && gaps == gaps.sorted())
    #expect(text == String(repeating: "x\n", count: times.count))

    text = ""
    display = ProgressDisplay(
      .terminal, clock: { time }, write: { text += $0 }, width: { 3 })
    display.show(ProgressBar(parts: ["abc"], plain: ""))
    display.show(ProgressBar(parts: ["b"], plain: ""))
    display.keep("done")
    display.erase()
    #expect(text == "\r\u{1B}[Kab\r\u{1B}[Kb\r\u{1B}[Kdone\n")
    #expect(!ProgressDisplay(.quiet).isDue)
  }

  @Test("a batch tells which picture it is at, and how long the others will take")
  func batches() {
    #expect(BatchDisplay.progress(done: 0, of: 9, after: 0, name: "a.png").plain == "1/9  a.png")
    #expect(
      BatchDisplay.progress(done: 3, of: 9, after: 30, name: "b").plain == "4/9  1m00s left  b")
    #expect(BatchDisplay.progress(done: 3, of: nil, after: 30, name: "-").plain == "4  -")
    let bar = BatchDisplay.progress(done: 3, of: 9, after: 30, name: "pictures/b.png")
    #expect(
      bar.line(width: 61, hasBlocks: false)
        == "[######------------]   33 %  4/9  1m00s left  pictures/b.png".prefix(60))
  }

  @Test("a record holds what was chosen, without paths")
  func records() throws {
    let record = Record("denoise", ["--model": "m", "--sigma": nil, "--tiled": "", "--draws": nil])
    #expect(record.line == "latent 0.1.0 denoise --model m --tiled")
    record.set("--sigma", Record.number(12.5))
    record.set("--draws", Record.number(3, unless: 4))
    #expect(record.line == "latent 0.1.0 denoise --model m --sigma 12.5 --tiled --draws 3")
    #expect(record.entry(sample: 2).value.hasSuffix(" --draws 3, sample 2"))
    #expect(Record.number(25) == "25" && Record.number(4, unless: 4) == nil)
    for (name, recorded) in [("digits", "digits"), ("/home/me/v1.2.safetensors", "v1.2")] {
      let command = try Denoise.parse(["a.png", "-m", name, "-o", "b.png"])
      #expect(command.model.recordedName == recorded)
    }
    let command = try Denoise.parse(["a.png", "--grey", "-o", "b.png"])
    let gray = Record("denoise", [:], command.conditional, command.seed, command.input)
    #expect(gray.line == "latent 0.1.0 denoise --gray")
  }

  @Test("what is wrong in a library comes with the program's options as remedies")
  func remedies() {
    let gray = ImageShape(channels: 1, height: 4, width: 4)
    let cases: [(error: any Error, kind: Failure.Kind, remedy: String)] = [
      (TrainingError(step: 3, rate: .nan, distortion: 1), .badData, "--learning-rate"),
      (TrainingProblem.noNoise(.scoreFunction), .usage, "--estimator sgvb-b"),
      (RestorationError.unconditional(gray), .badData, "--preset photograph"),
      (
        PictureError.fullSheet(columns: 2, rows: 3, found: 7), .usage,
        "at most 6 pictures for --grid 2x3, found 7"
      ),
      (
        PictureMisfit.size(expected: gray, found: gray, alternatives: [.resize, .tile]),
        .badData, "use --resize or --tiled"
      ),
      (
        PictureMisfit.size(expected: gray, found: gray, alternatives: [.resize]), .badData,
        "use --resize"
      ),
      (
        ImageError(kind: .tooManyPixels, path: "a.png", message: "9x9 pixels"), .badData,
        "a.png: 9x9 pixels; --max-pixels raises it"
      ),
    ]
    for (error, kind, remedy) in cases {
      let failure = Failure(error)
      #expect(failure.kind == kind && failure.description.contains(remedy), "\(failure)")
    }
  }

  @Test("no library names an option")
  func libraries() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")
    let files = try #require(
      FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var count = 0
    for case let file as URL in files
    where file.pathExtension == "swift" && !file.path.contains("/Commands/") {
      count += 1
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      where !line.drop(while: { $0 == " " }).hasPrefix("//") {
        #expect(line.firstRange(of: /"[^"]*--[a-z]/) == nil, "\(file.lastPathComponent): \(line)")
      }
    }
    #expect(count > 100)
  }
}
