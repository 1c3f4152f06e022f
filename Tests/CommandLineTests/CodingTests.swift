import Foundation
import Testing

@Suite("encode, decode, reconstruct")
struct CodingTests {
  @Test("encode into decode gives the bytes of reconstruct", arguments: ["text", "ndjson", "npy"])
  func roundTrip(format: String) throws {
    let folder = try Folder()
    let pictures = [Samples.disc(0), Samples.disc(5), Samples.disc(3)]
    let stream = try Program.run(
      ["encode"] + pictures + ["-m", Samples.model, "--format", format])
    #expect(stream.exitCode == 0)
    try Program.succeed(
      "decode", "-m", Samples.model, "-o", folder("decoded-%d.png"), input: stream.output)
    for (index, picture) in pictures.enumerated() {
      try Program.succeed("reconstruct", picture, "-m", Samples.model, "-o", folder("r.png"))
      #expect(try folder.data("decoded-\(index + 1).png") == folder.data("r.png"))
    }
  }

  @Test("a vector a line, as many as pictures in a folder, and a mean of its own for each")
  func text() throws {
    let lines = try Program.succeed("encode", Samples.folder("discs"), "-m", Samples.model).lines
    #expect(lines.count == 8)
    #expect(Set(lines).count == 8)
    #expect(lines.allSatisfy { $0.split(separator: "\t").compactMap { Float($0) }.count == 3 })
  }

  @Test func objects() throws {
    let line = try Program.succeed(
      "encode", Samples.disc(0), "-m", Samples.model, "--format", "ndjson"
    ).output
    let object = try #require(
      try JSONSerialization.jsonObject(with: line) as? [String: Any])
    #expect(object["source"] as? String == Samples.disc(0))
    #expect(object["shape"] as? [Int] == [3])
    #expect((object["mean"] as? [Double])?.count == 3)
    #expect((object["log_variance"] as? [Double])?.count == 3)
  }

  @Test("--variance puts log-variances after the means; decode passes over them")
  func variance() throws {
    let folder = try Folder()
    let plain = try Program.succeed("encode", Samples.disc(0), "-m", Samples.model)
    let both = try Program.succeed("encode", Samples.disc(0), "-m", Samples.model, "--variance")
    #expect(
      both.lines[0].hasPrefix("# latent {\"kind\":[\"mean\",\"log_variance\"],\"latents\":3,"))
    let numbers = both.lines[1].split(separator: "\t")
    #expect(numbers.count == 6)
    #expect(numbers.prefix(3).joined(separator: "\t") == plain.lines[0])
    try Program.succeed("decode", "-m", Samples.model, "-o", folder("a.png"), input: plain.output)
    try Program.succeed("decode", "-m", Samples.model, "-o", folder("b.png"), input: both.output)
    #expect(try folder.data("a.png") == folder.data("b.png"))
    let headless = Data((both.lines[1] + "\n").utf8)
    let message = try Program.fail(
      65, ["decode", "-m", Samples.model, "-o", folder("c.png")], input: headless)
    #expect(message.contains("expected 3 numbers, found 6; log-variances need the header line"))
  }

  @Test("latents of another model are refused where the stream says whose they are")
  func otherModels() throws {
    let folder = try Folder()
    let other = Samples.trained("other", "--latents", "3", "--seed", "9")
    for options in [["--format", "ndjson"], ["--variance"]] {
      let stream = try Program.run(["encode", Samples.disc(0), "-m", Samples.model] + options)
        .output
      try Program.succeed("decode", "-m", Samples.model, "-o", folder("a.png"), input: stream)
      let message = try Program.fail(65, ["decode", "-m", other, "-o", "-"], input: stream)
      #expect(
        message.hasSuffix(
          "record 1: expected latents of this model, found those of 'grey', whose numbers differ"))
    }
    // Under another name it is the same model.
    try FileManager.default.copyItem(atPath: Samples.model, toPath: folder("renamed.safetensors"))
    let stream = try Program.succeed(
      "encode", Samples.disc(0), "-m", folder("renamed.safetensors"), "--format", "ndjson"
    ).output
    try Program.succeed("decode", "-m", Samples.model, "-o", folder("b.png"), input: stream)
  }

  @Test("a decimal comma and binary data are refused with the reason, and nothing raw is shown")
  func foreignStreams() throws {
    let decode = ["decode", "-m", Samples.model, "-o", "-"]
    let comma = try Program.fail(65, decode, input: Data("0,5\t1,5\t2,5\n".utf8))
    #expect(comma.contains("found 6; log-variances need") && comma.contains("decimal comma"))
    let binary = try Program.fail(65, decode, input: Data([1, 2, 27, 93, 0]))
    #expect(binary == "standard input: expected latents as text, ndjson or npy, found binary data")
    // Behind the first bytes, by which a stream is told: the pictures before it have gone out.
    let folder = try Folder()
    let escape = try Program.fail(
      65, ["decode", "-m", Samples.model, "-o", folder("%d.png")],
      input: Data((String(repeating: "1 2 3\n", count: 20) + "1 2 \u{1B}[2J\n").utf8))
    #expect(escape.contains("found '\\e'") && !escape.contains("\u{1B}"))
    let archive = try Program.fail(65, decode, input: Data([0x50, 0x4B, 3, 4, 0, 0]))
    #expect(archive.contains("a .npz archive"))
  }

  @Test("--sample follows the seed")
  func sample() throws {
    func draw(_ options: String...) throws -> String {
      try Program.run(["encode", Samples.disc(0), "-m", Samples.model] + options).text
    }
    let first = try draw("--sample", "--seed", "1")
    #expect(try first == draw("--sample", "--seed", "1"))
    #expect(try first != draw("--sample", "--seed", "2"))
    #expect(try first != draw())
  }

  @Test("encode -o writes what standard output gets")
  func file() throws {
    let folder = try Folder()
    let arguments = ["encode", Samples.disc(0), Samples.disc(1), "-m", Samples.model]
    for format in ["text", "ndjson", "npy"] {
      let result = try Program.run(arguments + ["--format", format])
      _ = try Program.run(arguments + ["--format", format, "-o", folder("file")])
      #expect(try folder.data("file") == result.output)
    }
    #expect(try folder.names == ["file"])
  }

  @Test("standard input, standard output and arrays hold the same picture")
  func streams() throws {
    let folder = try Folder()
    let file = try Data(contentsOf: URL(fileURLWithPath: Samples.disc(4)))
    let expected = try Program.succeed(
      "reconstruct", Samples.disc(4), "-m", Samples.model, "-o", "-"
    ).output
    #expect(
      try Program.succeed("reconstruct", "-", "-m", Samples.model, "-o", "-", input: file).output
        == expected)
    let stack = npy(try pixels(Samples.disc(4)).map(Float.init), shape: "12, 12")
    try stack.write(to: folder.url("stack.npy"))
    #expect(
      try Program.succeed(
        "reconstruct", folder("stack.npy"), "-m", Samples.model, "-o", "-"
      ).output == expected)
  }

  @Test("an array comes back in its own shape, unrounded")
  func arrayOutput() throws {
    let folder = try Folder()
    let numbers = try pixels(Samples.disc(0)) + pixels(Samples.disc(1))
    try npy(numbers.map(Float.init), shape: "2, 1, 12, 12").write(to: folder.url("in.npy"))
    try Program.succeed(
      "reconstruct", folder("in.npy"), "-m", Samples.model, "-o", folder("out.npy"))
    let result = array(try folder.data("out.npy"))
    #expect(result.shape == "2, 1, 12, 12")
    #expect(result.numbers.count == 288)
    #expect(result.numbers.contains { $0 != $0.rounded() })
    try Program.succeed("reconstruct", Samples.disc(0), "-m", Samples.model, "-o", folder("r.png"))
    #expect(
      try result.numbers.prefix(144).map { Int($0.rounded()) } == pixels(folder("r.png")))
  }

  @Test("results in a folder keep their names; JPEG by extension; 16 bits on demand")
  func outputs() throws {
    let folder = try Folder()
    try Program.succeed(
      "reconstruct", Samples.folder("discs"), "-m", Samples.model, "-o", folder("new/"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder("new")).sorted()
        == (0..<8).map { "\($0).png" })
    try Program.succeed("reconstruct", Samples.disc(0), "-m", Samples.model, "-o", folder("a.jpg"))
    #expect(try folder.data("a.jpg").prefix(2) == Data([0xFF, 0xD8]))
    try Program.succeed(
      "reconstruct", Samples.disc(0), "-m", Samples.model, "-o", folder("deep.png"), "--depth", "16"
    )
    #expect(try folder.data("deep.png")[24] == 16)
  }

  @Test("--tiled and --resize give the picture's own size")
  func sizes() throws {
    let folder = try Folder()
    for way in ["--tiled", "--resize"] {
      try Program.succeed(
        "reconstruct", Samples.folder("large.png"), "-m", Samples.model, "-o", folder("l.png"), way)
      #expect(try pixels(folder("l.png")).count == 30 * 20)
    }
  }

  @Test("a gray picture is a color model's picture too")
  func grayToColor() throws {
    let folder = try Folder()
    try Program.succeed("reconstruct", Samples.disc(0), "-m", Samples.color, "-o", folder("c.png"))
    #expect(try pixels(folder("c.png")).count == 3 * 144)
  }
}
