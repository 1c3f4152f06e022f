import Foundation
import ImageCodecs
import Testing

@Suite("picture formats and streams")
struct FormatCommandTests {
  private let quick = ["-m", Samples.model, "--sigma", "10", "--steps", "0", "--draws", "1"]

  private func sh(_ command: String, _ arguments: String...) throws -> (code: Int32, errors: String)
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command, Program.path] + arguments
    let errors = Pipe()
    process.standardError = errors
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let bytes = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
  }

  @Test("every lossless format holds the same result", arguments: ["pgm", "pam", "tif"])
  func formats(name: String) throws {
    guard ImageFormat(path: "a.\(name)") != nil else { return }
    let folder = try Folder()
    try Program.succeed(["denoise", Samples.disc(1), "-o", folder("a.png")] + quick)
    try Program.succeed(["denoise", Samples.disc(1), "-o", folder("a.\(name)")] + quick)
    #expect(try pixels(folder("a.\(name)")) == pixels(folder("a.png")))
    try Program.succeed(["denoise", folder("a.\(name)"), "-o", folder("b.\(name)")] + quick)
    #expect(try pixels(folder("b.\(name)")) != pixels(folder("a.png")))
  }

  @Test("a film comes out as a film of as many frames, from a pipe and from a file")
  func films() throws {
    let folder = try Folder()
    let header = "YUV4MPEG2 W12 H12 F25:1 Ip A1:1 Cmono\n"
    var film = Data(header.utf8)
    for index in 0..<3 {
      film +=
        Data("FRAME\n".utf8)
        + Data(try pixels(Samples.disc(index)).map { UInt8(16 + $0 * 219 / 255) })
    }
    try film.write(to: folder.url("in.y4m"))
    let piped = try Program.succeed(["denoise", "-", "-o", "-"] + quick, input: film)
    #expect(piped.output.count == film.count && piped.output.starts(with: Data(header.utf8)))
    #expect(piped.output != film)
    try Program.succeed(["denoise", folder("in.y4m"), "-o", folder("out.y4m")] + quick)
    #expect(try folder.data("out.y4m") == piped.output)
    try Program.succeed(["denoise", folder("in.y4m"), "-o", folder("f-%d.png")] + quick)
    #expect(try folder.names.filter { $0.hasPrefix("f-") } == ["f-1.png", "f-2.png", "f-3.png"])
  }

  @Test("a stack of pages is a batch of pictures, and comes out as one")
  func stacks() throws {
    guard let tiff = ImageFormat(name: "tiff") else { return }
    let folder = try Folder()
    let pages = try (0..<3).map { try ImageReader.read(path: Samples.disc($0)) }
    try Data(try ImageWriter.encode(pages: pages, format: tiff)).write(to: folder.url("in.tif"))
    try Program.succeed(["denoise", folder("in.tif"), "-o", folder("out.tif")] + quick)
    let bytes = [UInt8](try folder.data("out.tif"))
    #expect(try ImageReader.pageCount(bytes: bytes, name: "x") == 3)
    // The same pictures in the same places of a batch.
    try Program.succeed(
      ["denoise"] + (0..<3).map { Samples.disc($0) } + ["-o", folder("one-%d.png")] + quick)
    for page in 0..<3 {
      let image = try ImageReader.read(bytes: bytes, page: page, name: "x")
      #expect(image.samples == (try ImageReader.read(path: folder("one-\(page + 1).png"))).samples)
    }
  }

  @Test("what a folder holds and is not read is named; what would wait is passed over")
  func passedOver() throws {
    let folder = try Folder()
    try FileManager.default.createDirectory(atPath: folder("in"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: Samples.disc(0), toPath: folder("in/a.png"))
    for name in ["b.heic", "c.HEIC", "d.gif", "e.txt"] {
      try Data().write(to: folder.url("in/\(name)"))
    }
    #expect(mkfifo(folder("in/x.png"), 0o600) == 0)
    let result = try Program.run(["denoise", folder("in"), "-o", folder("out/")] + quick)
    #expect(result.exitCode == 0)
    #expect(
      result.errors
        == "latent: \(folder("in")): passed over: 1 gif, 2 heic, 1 that is no regular file\n")
    #expect(FileManager.default.fileExists(atPath: folder("out/a.png")))
  }

  @Test("what stands between pictures in a pipe is told of")
  func rubbish() throws {
    let folder = try Folder()
    let one = try Data(contentsOf: URL(fileURLWithPath: Samples.disc(1)))
    let result = try Program.run(
      ["denoise", "-", "-o", folder("o-%d.png")] + quick, input: one + Data([1, 2, 3]) + one)
    #expect(result.exitCode == 0)
    #expect(
      result.errors
        == "latent: standard input: 3 bytes behind picture 1 are no picture, and were passed over\n"
    )
    #expect(try folder.names == ["o-1.png", "o-2.png"])
  }

  @Test("two names that Unicode holds for equal are two files")
  func normalization() throws {
    let folder = try Folder()
    let made = try sh(
      #"mkdir "$1/in" && cp "$2" "$1/in/$(printf '\303\251.png')" && cp "$3" "$1/in/$(printf 'e\314\201.png')""#,
      folder.path, Samples.disc(0), Samples.disc(1))
    #expect(made.code == 0)
    guard try FileManager.default.contentsOfDirectory(atPath: folder("in")).count == 2 else {
      return
    }
    try Program.succeed(["denoise", folder("in"), "-o", folder("out/")] + quick)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder("out")).count == 2)
  }

  @Test("control characters of names and models are shown as escapes, on one line")
  func controlCharacters() throws {
    let line = try Program.fail(66, ["info", "no\r\nlatent: all is well.safetensors"])
    #expect(line.hasPrefix("no\\r\\nlatent: all is well.safetensors: "))
    let result = try Program.run(["info", "\u{1B}]52;c;x\u{7}.safetensors"])
    #expect(!result.errors.contains("\u{1B}") && result.errors.contains("\\e]52"))
    let long = try Program.run(["info", String(repeating: "x", count: 100_000) + ".safetensors"])
    #expect(long.errors.utf8.count < 3000 && long.errors.contains("bytes left out"))
  }

  // ThreadSanitizer writes a longer file of its own at the start, and maps it.
  @Test(
    "a file that grows beyond its limit is an error, and leaves nothing behind",
    .disabled(if: Program.sanitizer == "thread"))
  func fileSizeLimit() throws {
    let folder = try Folder()
    let result = try sh(
      #"ulimit -f 1; exec "$0" denoise "$1" -m "$2" --sigma 5 --steps 0 --draws 1 --depth 16 -o "$3""#,
      Samples.folder("large.png"), Samples.model, folder("a.npy"))
    // 30x20 numbers of four bytes are more than 512 bytes.
    #expect(result.code == 65 || result.code == 74, "\(result.errors)")
    #expect(try folder.names.isEmpty)
  }

  @Test("info tells of a picture")
  func info() throws {
    let folder = try Folder()
    var image = try ImageReader.read(path: Samples.folder("colour.png"))
    image.metadata.text = [.init(keyword: "Title", value: "x\u{1B}[2J")]
    image.metadata.resolution = Resolution(horizontal: 300, vertical: 300, unit: .inch)
    try ImageWriter.write(image, to: folder("a.png"))
    let text = try Program.succeed("info", folder("a.png")).text
    for line in [
      "format        PNG", "size          12x12", "samples       8 bits, color",
      "text          Title: x\\e[2J",
    ] { #expect(text.contains(line + "\n"), "\(text)") }
    let json = try Program.succeed("info", folder("a.png"), "--json").output
    let object = try #require(try JSONSerialization.jsonObject(with: json) as? [String: Any])
    #expect(object["width"] as? Int == 12 && object["channels"] as? Int == 3)
    #expect(object["format"] as? String == "png" && object["noise"] as? [String: [Double]] != nil)
    try Data("GIF89a rest".utf8).write(to: folder.url("b.gif"))
    let line = try Program.fail(65, ["info", folder("b.gif")])
    #expect(line.contains("a GIF file") && line.contains("magick"))
  }
}
