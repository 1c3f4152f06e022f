import Foundation
import ImageCodecs
import Testing
import VAE

/// `denoise`, `inpaint` and `upscale` with a conditional model, small and hardly trained.
@Suite("conditional models") struct ConditionalCommandTests {
  /// Pictures of uneven stripes, larger than the pieces that models are trained on.
  static let scenes: Folder = {
    do {
      let folder = try Folder()
      atexit { try? FileManager.default.removeItem(atPath: ConditionalCommandTests.scenes.path) }
      try FileManager.default.createDirectory(
        atPath: folder("train"), withIntermediateDirectories: true)
      for index in 0..<4 {
        try ImageWriter.write(
          scene(index, width: 40, height: 36, channels: 3), to: folder("train/\(index).png"))
      }
      try ImageWriter.write(scene(9, width: 45, height: 37, channels: 3), to: folder("colour.png"))
      try ImageWriter.write(scene(9, width: 45, height: 37, channels: 1), to: folder("grey.png"))
      try ImageWriter.write(scene(9, width: 1, height: 37, channels: 1), to: folder("line.png"))
      try ImageWriter.write(scene(9, width: 3, height: 2, channels: 3), to: folder("tiny.png"))
      try ImageWriter.write(
        scene(9, width: 45, height: 37, channels: 3, alpha: true, depth: 16),
        to: folder("deep.png"))
      let mask = (0..<45 * 37).map { (pixel: Int) -> Float in
        let (column, row) = (pixel % 45, pixel / 45)
        return column > 10 && column < 30 && row > 9 ? 1 : 0
      }
      try ImageWriter.write(
        Image(planes: mask, width: 45, height: 37, channels: 1), to: folder("mask.png"))
      return folder
    } catch {
      Issue.record(error)
      preconditionFailure("no scenes: \(error)")
    }
  }()

  static let model: String = {
    let path = scenes("any.safetensors")
    do {
      let result = try Program.run([
        "train", scenes("train"), "-o", path, "--preset", "photograph", "--crop", "16x16",
        "--widths", "4,6", "--latents", "2", "--batch-size", "4", "--steps", "25", "--symmetries",
        "--threads", "1", "--seed", "3", "--quiet",
      ])
      #expect(result.exitCode == 0, "\(result.errors)")
    } catch {
      Issue.record(error)
    }
    return path
  }()

  static func scene(
    _ index: Int, width: Int, height: Int, channels: Int, alpha: Bool = false, depth: Int = 8
  ) -> Image {
    let planes = (0..<channels).flatMap { channel in
      (0..<width * height).map { pixel -> Float in
        let (x, y) = (Float(pixel % width), Float(pixel / width))
        let angle = 0.3 * x + 0.17 * Float(index + 1) * y + Float(channel)
        return 0.5 + 0.4 * Float(sin(Double(angle)))
      }
    }
    return Image(
      planes: planes, width: width, height: height, channels: channels,
      alpha: alpha ? (0..<width * height).map { $0 / width < 9 ? 0 : 0.75 } : nil, depth: depth)
  }

  func samples(_ path: String) throws -> Image.Samples {
    try ImageReader.read(path: path).samples
  }

  @Test("any size, in its own colors", arguments: ["colour", "grey", "line", "tiny"])
  func sizes(name: String) throws {
    let folder = try Folder()
    let input = Self.scenes("\(name).png")
    try Program.succeed(
      "denoise", input, "-m", Self.model, "--sigma", "20", "-o", folder("a.png"))
    let (before, after) = try (
      ImageReader.read(path: input), ImageReader.read(path: folder("a.png"))
    )
    #expect(after.width == before.width && after.height == before.height)
    #expect(after.colorModel == before.colorModel)
    #expect(after.samples != before.samples)
  }

  @Test("equal bytes whatever the tiles", arguments: ["8", "13", "24"])
  func tiles(side: String) throws {
    let folder = try Folder()
    for (name, command) in [
      ("d", ["denoise", "--sigma", "20"]), ("s", ["denoise", "--sigma", "20", "--samples", "1"]),
      ("i", ["inpaint", "--mask", Self.scenes("mask.png")]), ("u", ["upscale", "-s", "3"]),
    ] {
      for (file, tile) in [("whole", "1000"), ("tiled", side)] {
        let result = try Program.run(
          command + [
            Self.scenes("colour.png"), "-m", Self.model, "--tile", tile, "-o",
            folder("\(name)-\(file).png"), "--no-record",
          ])
        #expect(result.exitCode == 0, "\(result.errors)")
      }
      #expect(
        try folder.data("\(name)-whole.png") == folder.data("\(name)-tiled.png"), "\(command)")
    }
  }

  @Test("transparency and depth are kept, hidden colors too")
  func transparency() throws {
    let folder = try Folder()
    try Program.succeed(
      "denoise", Self.scenes("deep.png"), "-m", Self.model, "--sigma", "20", "-o", folder("a.png"))
    let before = try ImageReader.read(path: Self.scenes("deep.png"))
    let after = try ImageReader.read(path: folder("a.png"))
    #expect(after.depth == 16 && after.colorModel == .rgba)
    #expect(after.alphaPlane() == before.alphaPlane())
    guard case .bits16(let old) = before.samples, case .bits16(let new) = after.samples else {
      Issue.record("expected 16 bits")
      return
    }
    #expect(old[..<(9 * 45 * 4)] == new[..<(9 * 45 * 4)])
    #expect(old[(9 * 45 * 4)...] != new[(9 * 45 * 4)...])
  }

  @Test("seen pixels come back bit for bit, hidden ones do not count")
  func inpaint() throws {
    let folder = try Folder()
    let mask = try pixels(Self.scenes("mask.png"))
    let before = try pixels(Self.scenes("colour.png"))
    var other = before
    for place in other.indices where mask[place % (45 * 37)] != 0 { other[place] = 200 }
    try ImageWriter.write(
      Image(planes: other.map { Float($0) / 255 }, width: 45, height: 37, channels: 3),
      to: folder("other.png"))
    for (input, output) in [(Self.scenes("colour.png"), "a.png"), (folder("other.png"), "b.png")] {
      try Program.succeed(
        "inpaint", input, "--mask", Self.scenes("mask.png"), "-m", Self.model, "-o",
        folder(output))
    }
    let after = try pixels(folder("a.png"))
    for place in before.indices where mask[place % (45 * 37)] == 0 {
      #expect(after[place] == before[place])
    }
    #expect(after != before)
    #expect(try pixels(folder("b.png")) == after)
  }

  @Test("a strength of 0 changes nothing, one between lies between")
  func strength() throws {
    let folder = try Folder()
    let input = Self.scenes("colour.png")
    for strength in ["0", "0.5", "1"] {
      try Program.succeed(
        "denoise", input, "-m", Self.model, "--sigma", "30", "--strength", strength, "-o",
        folder("\(strength).png"))
    }
    let before = try pixels(input)
    #expect(try pixels(folder("0.png")) == before)
    let (half, whole) = try (pixels(folder("0.5.png")), pixels(folder("1.png")))
    for place in before.indices {
      let expected = Float(before[place] + whole[place]) / 2
      #expect(abs(Float(half[place]) - expected) <= 1)
    }
  }

  @Test("a constant sigma map is the same as --sigma")
  func sigmaMap() throws {
    let folder = try Folder()
    try npy([Float](repeating: 20, count: 45 * 37), shape: "37, 45").write(to: folder.url("s.npy"))
    let input = Self.scenes("colour.png")
    try Program.succeed(
      "denoise", input, "-m", Self.model, "--sigma", "20", "-o", folder("a.png"))
    try Program.succeed(
      "denoise", input, "-m", Self.model, "--sigma-map", folder("s.npy"), "-o", folder("b.png"))
    #expect(try pixels(folder("a.png")) == pixels(folder("b.png")))
    let result = try Program.run([
      "denoise", Self.scenes("tiny.png"), "-m", Self.model, "--sigma-map", folder("s.npy"), "-o",
      folder("c.png"),
    ])
    #expect(result.exitCode == 65 && result.errors.contains("3x2"))
  }

  @Test("arrays keep what lies beyond black and white, and are not rounded")
  func arrays() throws {
    let folder = try Folder()
    let numbers = (0..<3 * 20 * 17).map { (index: Int) -> Float in
      Float(index % 7) * 60 - 40.25
    }
    try npy(numbers, shape: "3, 20, 17").write(to: folder.url("a.npy"))
    let command = ["denoise", folder("a.npy"), "-m", Self.model, "--sigma", "0", "-o"]
    let told = try Program.run(command + [folder("b.npy")])
    #expect(
      told.exitCode == 0
        && told.errors.contains("[3, 20, 17] is read as 3 gray pictures; --array-axes chw"))
    let silent = try Program.run(command + [folder("c.npy"), "--array-axes", "nhw"])
    #expect(silent.exitCode == 0 && silent.errors == "")
    #expect(try folder.data("c.npy") == folder.data("b.npy"))
    let result = array(try folder.data("b.npy"))
    #expect(result.numbers.count == numbers.count)
    #expect(result.numbers.contains { $0 != $0.rounded() })
  }

  @Test("JPEG artifacts: the file tells its quality, others need it")
  func jpeg() throws {
    let folder = try Folder()
    let scene = Self.scene(9, width: 45, height: 37, channels: 3)
    try Data(
      ImageWriter.encode(
        scene, format: .jpeg, options: EncodingOptions(jpegQuality: 20), name: "a.jpg")
    ).write(to: folder.url("a.jpg"))
    try Program.succeed(
      "denoise", folder("a.jpg"), "--jpeg", "-m", Self.model, "-o", folder("a.png"))
    try Program.succeed(
      "denoise", folder("a.jpg"), "--jpeg", "--jpeg-quality", "20", "-m", Self.model, "-o",
      folder("b.png"))
    #expect(try pixels(folder("a.png")) == pixels(folder("b.png")))
    let result = try Program.run([
      "denoise", Self.scenes("colour.png"), "--jpeg", "-m", Self.model, "-o", folder("c.png"),
    ])
    #expect(result.exitCode == 65 && result.errors.contains("--jpeg-quality"))
  }

  @Test(
    "options of the other kind of model are refused",
    arguments: [
      ["--steps", "3"], ["--draws", "3"], ["--resize"], ["--tiled"],
    ])
  func refusals(options: [String]) throws {
    let folder = try Folder()
    let result = try Program.run(
      [
        "denoise", Self.scenes("colour.png"), "-m", Self.model, "--sigma", "9", "-o",
        folder("a.png"),
      ] + options)
    #expect(result.exitCode == 64 && result.errors.contains(options[0]))
    #expect(!FileManager.default.fileExists(atPath: folder("a.png")))
  }

  @Test(
    "options of conditional models are refused with others",
    arguments: [["--strength", "0.5"], ["--tile", "64"], ["--ensemble", "4"], ["--jpeg"]])
  func otherRefusals(options: [String]) throws {
    let folder = try Folder()
    let result = try Program.run(
      ["denoise", Samples.disc(0), "-m", Samples.model, "--sigma", "9", "-o", folder("a.png")]
        + options)
    #expect(result.exitCode == 64 && result.errors.contains(options[0]))
  }

  @Test("a run that was interrupted goes on to the same file")
  func resume() throws {
    let folder = try Folder()
    func train(_ name: String, _ options: String...) throws {
      let result = try Program.run(
        [
          "train", Self.scenes("train"), "-o", folder("\(name).safetensors"), "--preset",
          "photograph", "--crop", "16x16", "--widths", "4", "--latents", "2", "--batch-size", "4",
          "--schedule", "constant", "--threads", "1", "--quiet",
        ] + options)
      #expect(result.exitCode == 0, "\(result.errors)")
    }
    // Warm-up and schedule follow the share of the run that is done: both runs are of equal length.
    try train("whole", "--steps", "8", "--keep-checkpoint")
    try train("whole", "--steps", "8", "--resume")
    try train("again", "--steps", "8")
    #expect(try folder.data("whole.safetensors") == folder.data("again.safetensors"))
  }

  @Test("folders in, folders out, each result telling what was done")
  func folders() throws {
    let folder = try Folder()
    try FileManager.default.createDirectory(
      atPath: folder("in/sub"), withIntermediateDirectories: true)
    try FileManager.default.copyItem(atPath: Self.scenes("colour.png"), toPath: folder("in/a.png"))
    try FileManager.default.copyItem(
      atPath: Self.scenes("tiny.png"), toPath: folder("in/sub/b.png"))
    try Program.succeed(
      "upscale", "-r", folder("in"), "-s", "2", "-m", Self.model, "-o", folder("out"))
    for (name, width) in [("out/a.png", 90), ("out/sub/b.png", 6)] {
      let result = try ImageReader.read(path: folder(name))
      #expect(result.width == width)
      #expect(
        result.metadata.text == [
          Metadata.TextEntry(
            keyword: "Software", value: "latent 0.1.0 upscale --model any --scale 2")
        ])
    }
  }

  @Test("--gray makes a gray picture with a color model too")
  func gray() throws {
    let folder = try Folder()
    try Program.succeed(
      "denoise", Self.scenes("deep.png"), "-m", Self.model, "--sigma", "20", "--gray", "-o",
      folder("a.png"))
    let result = try ImageReader.read(path: folder("a.png"))
    #expect(result.colorModel == .grayAlpha && result.depth == 16)
  }

  @Test("noise is estimated where a picture is opaque")
  func estimate() throws {
    let folder = try Folder()
    var state: UInt64 = 5
    let side = 128
    let noisy = (0..<side * side).map { pixel -> Float in
      let sum = (0..<12).reduce(Float(-6)) { total, _ in
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return total + Float(state >> 40) / Float(1 << 24)
      }
      return 0.5 + 20 / 255 * sum
    }
    let alpha = (0..<side * side).map { pixel -> Float in
      (32..<96).contains(pixel % side) && (32..<96).contains(pixel / side) ? 1 : 0
    }
    let colors = noisy.indices.map { alpha[$0] * noisy[$0] }
    try ImageWriter.write(
      Image(planes: colors, width: side, height: side, channels: 1, alpha: alpha),
      to: folder("in.png"))
    let result = try Program.run(
      ["denoise", folder("in.png"), "-m", Self.model, "-o", folder("a.png")])
    #expect(result.exitCode == 0)
    let words = result.errors.split(separator: " ")
    let place = try #require(words.firstIndex(of: "sigma"))
    let word = String(words[place + 1].filter { $0 != "," })
    let sigma = try #require(Double(word))
    #expect((16...24).contains(sigma))
  }
}
