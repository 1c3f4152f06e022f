import Foundation
import ImageCodecs
import Testing

@Suite("many pictures")
struct BatchTests {
  private let denoise = ["-m", Samples.model, "--sigma", "10", "--steps", "0", "--draws", "1"]

  /// A folder of pictures: in/a.png, in/sub/b.png, in/sub/deep/c.png and what is to be passed over.
  private func tree() throws -> Folder {
    let folder = try Folder()
    for (index, name) in ["in/a.png", "in/sub/b.png", "in/sub/deep/c.png", "in/.old/d.png"]
      .enumerated()
    {
      try FileManager.default.createDirectory(
        at: folder.url(name).deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: Samples.disc(index), toPath: folder(name))
    }
    try Data("x".utf8).write(to: folder.url("in/notes.txt"))
    try Data("x".utf8).write(to: folder.url("in/._a.png"))
    return folder
  }

  /// All files below a folder, sorted.
  private func files(_ path: String) -> [String] {
    let all = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    return all.filter { !FileManager.default.isFolder(path + "/" + $0) }.sorted()
  }

  @Test("-r mirrors the tree; without it the folder's own pictures are done and the rest is told")
  func recursion() throws {
    let folder = try tree()
    try Program.succeed(["denoise", "-r", folder("in"), "-o", folder("out")] + denoise)
    #expect(files(folder("out")) == ["a.png", "sub/b.png", "sub/deep/c.png"])
    let flat = try Program.run(["denoise", folder("in"), "-o", folder("flat/")] + denoise)
    #expect(flat.exitCode == 0)
    #expect(flat.errors == "latent: \(folder("in")): -r takes those of its folder too\n")
    #expect(files(folder("flat")) == ["a.png"])
    #expect(try folder.data("flat/a.png") == folder.data("out/a.png"))
  }

  @Test("a folder that leads back into itself is read once")
  func loop() throws {
    let folder = try tree()
    try FileManager.default.createSymbolicLink(
      atPath: folder("in/sub/back"), withDestinationPath: "../../in")
    try Program.succeed(["denoise", "-r", folder("in"), "-o", folder("out/")] + denoise)
    #expect(files(folder("out")) == ["a.png", "sub/b.png", "sub/deep/c.png"])
  }

  @Test("of several arguments each folder keeps its name")
  func severalFolders() throws {
    let folder = try tree()
    try Program.succeed(
      ["denoise", "-r", folder("in/sub/"), folder("in/sub/deep"), Samples.disc(7), "-o"]
        + [folder("out/")] + denoise)
    #expect(files(folder("out")) == ["7.png", "deep/c.png", "sub/b.png", "sub/deep/c.png"])
  }

  @Test("results below their sources are not taken for sources")
  func outputInside() throws {
    let folder = try tree()
    for _ in 0..<2 {
      try Program.succeed(["denoise", "-r", folder("in"), "-o", folder("in/done/")] + denoise)
      #expect(files(folder("in/done")) == ["a.png", "sub/b.png", "sub/deep/c.png"])
    }
  }

  @Test("--skip-existing leaves alone what is there, counts it, and makes the others")
  func skipping() throws {
    let folder = try tree()
    let arguments = ["denoise", "-r", folder("in"), "-o", folder("out/"), "--skip-existing"]
    try FileManager.default.createDirectory(
      atPath: folder("out/sub"), withIntermediateDirectories: true)
    try Data("kept".utf8).write(to: folder.url("out/sub/b.png"))
    for count in [1, 3] {
      let result = try Program.run(arguments + denoise)
      #expect(result.exitCode == 0)
      #expect(
        result.errors
          == "latent: \(count) of 3 skipped: output exists\n")
      #expect(try folder.data("out/sub/b.png") == Data("kept".utf8))
      #expect(files(folder("out")) == ["a.png", "sub/b.png", "sub/deep/c.png"])
    }
  }

  @Test("what is skipped changes nothing of the others: their seeds and numbers are their own")
  func skippedNumbers() throws {
    let folder = try Folder()
    let inputs = [Samples.disc(0), Samples.disc(1), Samples.disc(2)]
    func run(_ pattern: String, _ more: String...) throws -> Program.Result {
      try Program.run(
        ["denoise"] + inputs + denoise + ["--draws", "2", "-o", folder(pattern)] + more)
    }
    #expect(try run("a-%d.png").exitCode == 0)
    try Data("kept".utf8).write(to: folder.url("b-2.png"))
    #expect(try run("b-%d.png", "--skip-existing").exitCode == 0)
    #expect(try folder.data("b-2.png") == Data("kept".utf8))
    for number in [1, 3] {
      #expect(try folder.data("a-\(number).png") == folder.data("b-\(number).png"))
    }
    try FileManager.default.removeItem(atPath: folder("b-3.png"))
    #expect(try run("b-%d.png", "--skip-existing").errors.contains("2 of 3 skipped"))
    #expect(try folder.data("a-3.png") == folder.data("b-3.png"))
  }

  @Test("of several samples those that are missing are made")
  func skippedSamples() throws {
    let folder = try Folder()
    let arguments =
      ["denoise", Samples.disc(0), "--samples", "3", "-o", folder("out/")] + denoise
    #expect(try Program.run(arguments).exitCode == 0)
    let second = try folder.data("out/0-2.png")
    try FileManager.default.removeItem(atPath: folder("out/0-2.png"))
    try Data("kept".utf8).write(to: folder.url("out/0-3.png"))
    try Program.succeed(arguments + ["--skip-existing"])
    #expect(try folder.data("out/0-2.png") == second)
    #expect(try folder.data("out/0-3.png") == Data("kept".utf8))
  }

  @Test("--skip-existing needs files of their own", arguments: ["-", "all.npy"])
  func skippingStreams(output: String) throws {
    let folder = try Folder()
    let path = output == "-" ? output : folder(output)
    let message = try Program.fail(
      64, ["denoise", Samples.disc(0), "-o", path, "--skip-existing"] + denoise)
    #expect(message.contains("expected a file for every result with --skip-existing"))
  }

  @Test("two results of one name are refused before anything is done")
  func collisions() throws {
    let folder = try tree()
    try FileManager.default.copyItem(atPath: Samples.disc(0), toPath: folder("in/sub/a.png"))
    let message = try Program.fail(
      64,
      ["denoise", folder("in/a.png"), folder("in/sub/a.png"), "-o", folder("out/")] + denoise)
    #expect(message.hasPrefix("\(folder("out/a.png")): expected one result, found those of "))
    #expect(try folder.names == ["in"])
  }

  @Test("no picture of a batch is replaced by a result, also of another one")
  func replacement() throws {
    let folder = try tree()
    let before = try folder.data("in/a.png")
    let message = try Program.fail(
      64, ["denoise", "-r", folder("in"), "-o", folder("in/")] + denoise)
    #expect(message.contains("found the picture \(folder("in/a.png")) itself"))
    try FileManager.default.createSymbolicLink(
      atPath: folder("r-1.png"), withDestinationPath: "in/a.png")
    _ = try Program.fail(
      64,
      ["denoise", Samples.disc(0), folder("in/a.png"), "-o", folder("r-%d.png")] + denoise)
    #expect(try folder.data("in/a.png") == before)
  }

  @Test("a file may be named as its own result")
  func inPlace() throws {
    let folder = try tree()
    let before = try folder.data("in/a.png")
    try Program.succeed(["denoise", folder("in/a.png"), "-o", folder("in/a.png")] + denoise)
    #expect(try folder.data("in/a.png") != before)
  }

  @Test("bad pictures are reported, the others done, and the exit code says so")
  func failures() throws {
    let folder = try tree()
    try Data("no picture".utf8).write(to: folder.url("in/sub/bad.png"))
    let result = try Program.run(
      ["denoise", "-r", folder("in"), "/nowhere.png", "-o", folder("out/")] + denoise)
    #expect(result.exitCode == 65)
    #expect(
      result.errors.split(separator: "\n").map { $0.prefix { $0 != "," } } == [
        "latent: \(folder("in/sub/bad.png")): expected a PNG",
        "latent: /nowhere.png: no such file or directory",
      ])
    #expect(files(folder("out")) == ["in/a.png", "in/sub/b.png", "in/sub/deep/c.png"])
    let missing = try Program.run(
      ["denoise", "/nowhere.png", "/neither.png", "-o", folder("none/")] + denoise)
    #expect(missing.exitCode == 66)
  }

  @Test("a result that cannot be made is one failure of many")
  func oneResult() throws {
    let folder = try tree()
    try FileManager.default.createDirectory(
      atPath: folder("out/a.png"), withIntermediateDirectories: true)
    let result = try Program.run(["denoise", "-r", folder("in"), "-o", folder("out/")] + denoise)
    #expect(result.exitCode == 65)
    #expect(
      result.errors == "latent: \(folder("in/a.png")): \(folder("out/a.png")): is a directory\n")
    #expect(files(folder("out")) == ["sub/b.png", "sub/deep/c.png"])
  }

  @Test("a failure leaves a gap in the numbers, and what shares a file with others is written")
  func gaps() throws {
    let folder = try Folder()
    let inputs = ["denoise", Samples.disc(0), Samples.folder("broken.png"), Samples.disc(1)]
    #expect(try Program.run(inputs + ["-o", folder("r-%d.png")] + denoise).exitCode == 65)
    #expect(try folder.names == ["r-1.png", "r-3.png"])
    #expect(try Program.run(inputs + ["-o", folder("all.npy")] + denoise).exitCode == 65)
    #expect(array(try folder.data("all.npy")).shape == "2, 12, 12")
  }

  @Test("a folder without pictures is a missing input")
  func emptyFolder() throws {
    let folder = try Folder()
    try FileManager.default.createDirectory(
      atPath: folder("in/sub"), withIntermediateDirectories: true)
    #expect(
      try Program.fail(66, ["denoise", folder("in"), "-o", folder("out/")] + denoise)
        == "\(folder("in")): expected \(ImageFormat.list) pictures, found none; "
        + "-r takes those of its folder too")
    #expect(
      try Program.fail(66, ["denoise", "-r", folder("in"), "-o", folder("out/")] + denoise)
        == "\(folder("in")): expected \(ImageFormat.list) pictures, found none")
  }

  @Test("an output that cannot be is told before anything is computed")
  func early() throws {
    let folder = try Folder()
    try Data().write(to: folder.url("file"))
    for output in ["none/a.png", "none/a-%d.png", "file/a/"] {
      let message = try Program.fail(
        73, ["denoise", Samples.folder("broken.png"), "-o", folder(output)] + denoise)
      #expect(message.hasPrefix(folder("")))
    }
  }

  @Test("arrays into a folder come one by one, in their own shapes")
  func arrays() throws {
    let folder = try Folder()
    for (name, shape) in [("a", "12, 12"), ("b", "1, 1, 12, 12")] {
      try npy([Float](repeating: 90, count: 144), shape: shape).write(to: folder.url("\(name).npy"))
    }
    try npy([Float](repeating: 90, count: 288), shape: "2, 12, 12").write(to: folder.url("c.npy"))
    try Program.succeed(
      ["denoise", folder("a.npy"), folder("b.npy"), folder("c.npy"), "--format", "npy", "-o"]
        + [folder("out/")] + denoise)
    #expect(files(folder("out")) == ["a.npy", "b.npy", "c-0001.npy", "c-0002.npy"])
    #expect(array(try folder.data("out/a.npy")).shape == "12, 12")
    #expect(array(try folder.data("out/b.npy")).shape == "1, 1, 12, 12")
    #expect(array(try folder.data("out/c-0001.npy")).numbers.count == 144)
  }

  @Test("pictures one after another in a pipe come out one after another, of any format")
  func pipe() throws {
    let folder = try Folder()
    try Program.succeed(["denoise", Samples.disc(1), "-o", folder("b.jpg")] + denoise)
    let inputs = [Samples.disc(0), folder("b.jpg"), Samples.disc(2)]
    let input = try inputs.reduce(Data()) { try $0 + Data(contentsOf: URL(fileURLWithPath: $1)) }
    let stream = try Program.succeed(["denoise", "-", "-o", "-"] + denoise, input: input).output
    try Program.succeed(["denoise"] + inputs + ["-o", folder("r-%d.png")] + denoise)
    #expect(try stream == (1...3).reduce(Data()) { try $0 + folder.data("r-\($1).png") })
    try Program.succeed(
      ["denoise", "-", Samples.disc(3), "-o", folder("out/")] + denoise, input: input)
    #expect(
      files(folder("out")) == ["3.png", "stdin-0002.png", "stdin-0003.png", "stdin.png"])
    #expect(try folder.data("out/stdin-0003.png") == folder.data("r-3.png"))
    let vectors = try Program.succeed("encode", "-", "-m", Samples.model, input: input).lines
    #expect(try vectors == Program.succeed(["encode"] + inputs + ["-m", Samples.model]).lines)
  }

  @Test("a bad picture in a pipe is one failure; one file for several is refused")
  func brokenPipe() throws {
    let folder = try Folder()
    let good = try Data(contentsOf: URL(fileURLWithPath: Samples.disc(0)))
    var bad = good
    bad[bad.count - 20] ^= 0x55
    let result = try Program.run(
      ["denoise", "-", "-o", folder("r-%d.png")] + denoise, input: good + bad + good.prefix(90))
    #expect(result.exitCode == 65)
    #expect(
      result.errors.split(separator: "\n").map { $0.prefix { $0 != ":" } }.count == 2)
    #expect(result.errors.contains("standard input, picture 2: damaged PNG: "))
    #expect(result.errors.contains("standard input, picture 3: damaged PNG: the file ends early"))
    #expect(try folder.names == ["r-1.png"])
    let message = try Program.fail(
      64, ["denoise", "-", "-o", folder("one.png")] + denoise, input: good + good)
    #expect(message.contains("expected one picture for one file, found more"))
    #expect(try folder.names == ["r-1.png"])
    #expect(
      try Program.fail(65, ["denoise", "-", "-o", "-"] + denoise)
        == "standard input: expected a \(ImageFormat.list) picture, found an empty file")
  }

  @Test("a terminal is told how far a batch is, and gets no pictures")
  func terminal() throws {
    let folder = try tree()
    let arguments = ["denoise", "-r", folder("in")] + denoise
    let (batch, code) = try onTerminal(arguments + ["-o", folder("out")])
    #expect(code == 0)
    #expect(batch.hasPrefix("\r\u{1B}[K") && batch.contains("  0 %  1/3  "), "\(batch)")
    #expect(batch.hasSuffix("\r\u{1B}[K"))
    try Data("no picture".utf8).write(to: folder.url("in/b.png"))
    let (failure, _) = try onTerminal(arguments + ["-o", folder("out")])
    #expect(failure.contains("\r\u{1B}[Klatent: \(folder("in/b.png")): expected a PNG"))
    let (pictures, usage) = try onTerminal(arguments + ["-o", "-"])
    #expect(usage == 64)
    #expect(pictures.contains("expected a pipe or a file for pictures, found a terminal"))
  }

  /// Runs the program with a terminal for standard output and standard error.
  private func onTerminal(_ arguments: [String]) throws -> (shown: String, exitCode: Int32) {
    var (master, slave): (Int32, Int32) = (-1, -1)
    try #require(openpty(&master, &slave, nil, nil, nil) == 0)
    defer { close(master) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = arguments
    let terminal = FileHandle(fileDescriptor: slave, closeOnDealloc: true)
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = terminal
    process.standardError = terminal
    try process.run()
    process.waitUntilExit()
    // What was shown is in the terminal's buffer, which is not waited for.
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
    var shown: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    while case let count = read(master, &piece, piece.count), count > 0 { shown += piece[..<count] }
    withExtendedLifetime(terminal) {}
    return (String(decoding: shown, as: UTF8.self), process.terminationStatus)
  }

  @Test("a folder of masks is told apart by the pictures' names")
  func masks() throws {
    let folder = try tree()
    try FileManager.default.createDirectory(
      atPath: folder("masks/sub/deep"), withIntermediateDirectories: true)
    for name in ["a.png", "sub/deep/c.png"] {
      try FileManager.default.copyItem(
        atPath: Samples.folder("mask.png"), toPath: folder("masks/" + name))
    }
    let result = try Program.run([
      "inpaint", "-r", folder("in"), "--mask", folder("masks"), "-m", Samples.model, "--method",
      "map", "--steps", "2", "-o", folder("out/"),
    ])
    #expect(result.exitCode == 65)
    #expect(
      result.errors
        == "latent: \(folder("in/sub/b.png")): expected a mask of the picture's name in "
        + "\(folder("masks")), found none called sub/b\n")
    #expect(files(folder("out")) == ["a.png", "sub/deep/c.png"])
  }
}

extension FileManager {
  fileprivate func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }
}
