import Files
import Foundation
import ImageCodecs
import Pictures
import Platform
import Tensors
import Testing

@testable import Batches

@Suite("batches")
struct BatchTests {
  /// Keeps what it is told; pictures whose name ends in "final" fail for good, and "fatal" ends all.
  private final class Listener: BatchReporter {
    var events: [String] = []

    func report(_ event: BatchEvent) {
      switch event {
      case .begins(let total): events.append("begins \(total.map(String.init) ?? "?")")
      case .turn(let name, let done, _): events.append("turn \(name) after \(done)")
      case .failure(let name, let message): events.append("failure \(name): \(message)")
      case .part(let part, let count, let all):
        events.append("\(part.words): \(count ?? -1) of \(all)")
      case .skipped(let count, let all): events.append("skipped \(count) of \(all)")
      case .remark(let words): events.append(words)
      case .ends: events.append("ends")
      default: events.append("\(event)")
      }
    }

    func judge(_ error: any Error, in name: String) -> BatchFault {
      BatchFault(message: "\(error)", isAboutPicture: !name.hasSuffix("fatal"), isFinal: false)
    }
  }

  private struct Broken: Error {}

  private func input(_ name: String) -> PictureInput {
    PictureInput(
      name: name, outputName: name + ".png", tell: { _ in },
      load: { Picture(pixels: Tensor([1, 1, 1])) })
  }

  @Test("a picture that fails does not keep the others from being done")
  func failures() throws {
    let listener = Listener()
    func isDone(_ index: Int, _ input: PictureInput) -> Bool { index == 2 }
    let outcome = try Batch.forEach(
      [input("a"), .failing("b", Broken()), input("c")], except: isDone, reporter: listener
    ) { _, input in _ = try input.picture() }
    #expect(outcome.succeeded == 1 && outcome.errors.count == 1 && outcome.errors[0] is Broken)
    #expect(
      listener.events == [
        "begins 2", "turn a after 0", "turn b after 1", "failure b: Broken()", "ends",
        "skipped 1 of 3",
      ])
  }

  @Test("what is no picture's fault ends the batch")
  func fatal() {
    let listener = Listener()
    #expect(throws: Broken.self) {
      try Batch.forEach([.failing("fatal", Broken()), input("b")], reporter: listener) {
        _, input in
        _ = try input.picture()
      }
    }
    #expect(listener.events == ["begins 2", "turn fatal after 0", "ends"])
  }

  @Test("what is left of a picture is waited for after the next one, and counts as its own")
  func overlap() throws {
    let listener = Listener()
    let names = ["a", "b", "c", "d"]
    let outcome = try Batch.overlap(names.map(input), reporter: listener) { index, input in
      if index == 2 { throw Broken() }
      return {
        listener.events.append("written \(input.name)")
        if index == 1 { throw Broken() }
      }
    }
    #expect(outcome.succeeded == 2 && outcome.errors.count == 2)
    #expect(
      listener.events == [
        "begins 4", "turn a after 0", "turn b after 1", "written a", "turn c after 2", "written b",
        "failure b: Broken()", "failure c: Broken()", "turn d after 3", "written d", "ends",
      ])
  }

  @Test("before the batch ends for an error, what is left is done")
  func fatalOverlap() {
    let listener = Listener()
    #expect(throws: Broken.self) {
      try Batch.overlap([input("a"), input("fatal")], reporter: listener) { index, input in
        if index == 1 { throw Broken() }
        return { listener.events.append("written \(input.name)") }
      }
    }
    #expect(
      listener.events == ["begins 2", "turn a after 0", "turn fatal after 1", "written a", "ends"])
  }

  @Test("a picture with a file of its own is read on another thread, others are not")
  func readAhead() throws {
    let path = NSTemporaryDirectory() + "latent-batches-\(UUID().uuidString).png"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let picture = Picture(pixels: Tensor([1, 2, 2], [0, 0.2, 0.4, 1]))
    try Data(ImageWriter.encode(picture.image(), format: .png)).write(
      to: URL(fileURLWithPath: path))
    let queue = try #require(WorkQueue())
    let reader = PictureReader(limits: .default) { _ in }
    let read = try #require(reader.inputs([path])[0].read(on: queue))
    #expect(try read.picture().pixels == Picture(picture.image()).pixels)
    #expect(read.name == path && read.outputName == Paths.name(path) && read.file == path)
    #expect(input("a").read(on: queue) == nil)
    // What goes wrong is told when the picture's turn comes.
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    try whole.prefix(whole.count - 20).write(to: URL(fileURLWithPath: path))
    let damaged = try #require(reader.inputs([path])[0].read(on: queue))
    #expect(throws: ImageError.self) { try damaged.picture() }
  }

  @Test("a part is every n-th picture, a pipe's too")
  func parts() throws {
    func piped(_ index: Int) -> PictureInput? {
      guard index < 5 else { return nil }
      return PictureInput(
        name: "\(index)", outputName: "", following: { piped(index + 1) }, tell: { _ in },
        load: { Picture(pixels: Tensor([1, 1, 1])) })
    }
    let listener = Listener()
    var seen: [Int] = []
    _ = try Batch.forEach(
      [#require(piped(0))], part: Part(number: 2, count: 2), reporter: listener
    ) { index, input in
      #expect(input.name == "\(index)")
      seen.append(index)
    }
    #expect(seen == [1, 3])
    #expect(listener.events.prefix(2) == ["part 2 of 2: -1 of 1", "begins ?"])
  }

  @Test("three planes that may be one picture in color are read as gray ones, and that is told")
  func planes() throws {
    let path = NSTemporaryDirectory() + "latent-batches-\(UUID().uuidString).npy"
    defer { try? FileManager.default.removeItem(atPath: path) }
    for (shape, count, words) in [([3, 2, 5], 3, ["[3, 2, 5]"]), ([2, 3, 5], 2, [])] {
      let extents = shape.map { "\($0)," }.joined()
      let text = "{'descr': '|u1', 'fortran_order': False, 'shape': (\(extents)), }\n"
      let head: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0]
      try Data(head + text.utf8 + [UInt8](repeating: 9, count: 30)).write(
        to: URL(fileURLWithPath: path))
      var told: [String] = []
      let reader = PictureReader(limits: .default) { event in
        if case .grayPictures(_, let shape) = event { told.append("\(shape)") }
      }
      #expect(reader.inputs([path]).count == count)
      #expect(told == words)
    }
  }

  @Test("what is passed over in a folder is told, and folders in it where they are left out")
  func folders() throws {
    let folder = NSTemporaryDirectory() + "latent-batches-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(
      atPath: folder + "/deep", withIntermediateDirectories: true)
    for name in ["b.pgm", "a.pgm", "deep/c.pgm"] {
      try Data("P5 1 1 255\n".utf8 + [7]).write(to: URL(fileURLWithPath: folder + "/" + name))
    }
    var told: [String] = []
    var reader = PictureReader(limits: .default) { event in
      if case .foldersLeftOut(_, let count) = event { told.append("\(count) left out") }
    }
    #expect(reader.inputs([folder]).map(\.outputName) == ["a.pgm", "b.pgm", "deep/c.pgm"])
    reader.isRecursive = false
    #expect(reader.inputs([folder]).map(\.outputName) == ["a.pgm", "b.pgm"])
    #expect(told == ["1 left out"])
    let numbered = try #require(reader.inputs([folder]).first).numbered(2)
    #expect(numbered.outputName == "a-3.pgm")
    #expect(try numbered.picture().pixels.elements == [7 / 255])
  }

  @Test("options that a format has no use for, and places that results would share, are problems")
  func outputs() throws {
    #expect(throws: BatchProblem.self) {
      try PictureOutput(.init(path: "a.jpg", depth: 16), count: 1)
    }
    #expect(throws: BatchProblem.self) { try PictureOutput(.init(path: "nothing"), count: 1) }
    #expect(throws: BatchError.self) { try PictureOutput(.init(path: "a.png"), count: 2) }
    #expect(
      throws: PictureError.fullSheet(columns: 2, rows: 1, found: 3)
    ) {
      try PictureOutput(
        .init(path: "a.png"), count: 3, sheet: Sheet(columns: 2, rows: 1, gap: 0))
    }
    let output = try PictureOutput(.init(path: NSTemporaryDirectory() + "/"), count: 2)
    #expect(throws: BatchError.self) { try output.prepare([input("a"), input("a")]) }
  }
}
