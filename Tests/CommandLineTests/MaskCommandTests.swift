import Foundation
import ImageCodecs
import Testing

/// Masks as people have them: what is hidden is filled, the rest comes back as it was.
@Suite("masks of inpaint")
struct MaskCommandTests {
  private static let area = 144
  private static let hidden = (0..<area).map { $0 / 12 >= 4 && $0 / 12 < 8 && $0 % 12 < 5 }

  private static func image(
    _ levels: [Float], alpha: [Float]? = nil, depth: Int = 8
  ) -> Image {
    Image(planes: levels, width: 12, height: 12, channels: 1, alpha: alpha, depth: depth)
  }

  /// Every way to say the same.
  private static let masks: [(name: String, image: Image)] = [
    ("plain.png", image(hidden.map { $0 ? 1 : 0 })),
    ("deep.png", image(hidden.map { $0 ? 0.5 : 0.49 }, depth: 16)),
    ("background-1.png", image(hidden.map { $0 ? 1 : 1 / 255 })),
    // White, under full transparency too.
    (
      "white.png",
      image([Float](repeating: 1, count: area), alpha: hidden.map { $0 ? 1 : 0 })
    ),
    (
      "black-strokes.png",
      image([Float](repeating: 0, count: area), alpha: hidden.map { $0 ? 1 : 0 })
    ),
    (
      "black-and-white.png",
      image(hidden.map { $0 ? 1 : 0 }, alpha: (0..<area).map { $0 < 6 ? 0.5 : 1 })
    ),
    ("lossy.jpg", image(hidden.map { $0 ? 1 : 0 })),
  ]

  private func inpaint(_ mask: String, _ folder: Folder, _ options: String...) throws -> [Int] {
    let result = try Program.run(
      [
        "inpaint", Samples.disc(6), "--mask", mask, "-m", Samples.model, "--method", "map",
        "--steps", "3", "-o", folder("out.png"),
      ] + options)
    #expect(result.exitCode == 0 && result.errors == "", "\(result.errors)")
    return try pixels(folder("out.png"))
  }

  @Test("what is seen comes back bit for bit", arguments: masks.map(\.name))
  func kinds(name: String) throws {
    let folder = try Folder()
    let mask = try #require(Self.masks.first { $0.name == name })
    try ImageWriter.write(mask.image, to: folder(name))
    let before = try pixels(Samples.disc(6))
    let after = try inpaint(folder(name), folder)
    for place in 0..<Self.area where !Self.hidden[place] {
      #expect(after[place] == before[place], "\(place)")
    }
    #expect((0..<Self.area).contains { Self.hidden[$0] && after[$0] != before[$0] })
  }

  @Test("arrays of every type", arguments: ["|b1", "|u1", "<i8", ">u2", "<f2", "<f4"])
  func arrays(type: String) throws {
    let folder = try Folder()
    let one: [UInt8] =
      switch type {
      case "<i8": [1, 0, 0, 0, 0, 0, 0, 0]
      case ">u2": [255, 255]
      case "<f2": [0, 0x3C]
      case "<f4": [0, 0, 0x80, 0x3F]
      default: [1]
      }
    let text = "{'descr': '\(type)', 'fortran_order': False, 'shape': (12, 12), }\n"
    var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0])
    data.append(contentsOf: text.utf8)
    for isHidden in Self.hidden {
      data.append(contentsOf: isHidden ? one : [UInt8](repeating: 0, count: one.count))
    }
    try data.write(to: folder.url("mask.npy"))
    let before = try pixels(Samples.disc(6))
    let after = try inpaint(folder("mask.npy"), folder)
    let changed = (0..<Self.area).filter { after[$0] != before[$0] }
    #expect(!changed.isEmpty && changed.allSatisfy { Self.hidden[$0] })
  }

  @Test("a soft edge blends what was filled in with what was there")
  func soft() throws {
    let folder = try Folder()
    func after(_ level: Float) throws -> [Int] {
      let image = Self.image(Self.hidden.map { $0 ? level : 0 })
      try ImageWriter.write(image, to: folder("mask.png"))
      return try inpaint(folder("mask.png"), folder)
    }
    let before = try pixels(Samples.disc(6))
    let (full, half) = try (after(1), after(0.6))
    for place in 0..<Self.area where Self.hidden[place] {
      // 153 of 255, of which nine tenths are all.
      let blend = Float(before[place]) + 2 / 3 * Float(full[place] - before[place])
      #expect(abs(Float(half[place]) - blend) <= 1)
    }
  }

  @Test("--grow widens, --mask-threshold moves what counts")
  func options() throws {
    let folder = try Folder()
    let levels = Self.hidden.map { Float($0 ? 100 : 0) / 255 }
    try ImageWriter.write(Self.image(levels), to: folder("mask.png"))
    let before = try pixels(Samples.disc(6))
    func changed(_ options: String...) throws -> Set<Int> {
      let result = try Program.run(
        [
          "inpaint", Samples.disc(6), "--mask", folder("mask.png"), "-m", Samples.model,
          "--method", "map", "--steps", "3", "-o", folder("out.png"),
        ] + options)
      #expect(result.exitCode == 0)
      let after = try pixels(folder("out.png"))
      return Set((0..<Self.area).filter { after[$0] != before[$0] })
    }
    #expect(try changed() == [])
    let plain = try changed("--mask-threshold", "100")
    let grown = try changed("--mask-threshold", "100", "--grow", "2")
    #expect(!plain.isEmpty && plain.allSatisfy { Self.hidden[$0] })
    #expect(grown.contains { !Self.hidden[$0] })
    // Two pixels beyond the last hidden row is the farthest.
    #expect(grown.allSatisfy { $0 / 12 >= 2 && $0 / 12 < 10 && $0 % 12 < 7 })
  }

  @Test("a mask that hides nothing, next to nothing or nearly all is told of")
  func remarks() throws {
    let folder = try Folder()
    func message(_ levels: [Float]) throws -> String {
      try ImageWriter.write(Self.image(levels), to: folder("mask.png"))
      let result = try Program.run([
        "inpaint", Samples.disc(6), "--mask", folder("mask.png"), "-m", Samples.model, "--method",
        "map", "--steps", "1", "-o", folder("out.png"),
      ])
      #expect(result.exitCode == 0)
      return result.errors
    }
    let nothing = try message([Float](repeating: 0, count: 144))
    #expect(
      nothing == "latent: \(folder("mask.png")): hides no pixel: expected levels of 128 or more of "
        + "255, found at most 0\n")
    let dark = try message((0..<144).map { $0 < 72 ? 1 / 255 : 0 })
    #expect(dark.contains("found at most 1; --mask-threshold"))
    #expect(try message((0..<144).map { $0 < 140 ? 1 : 0 }).contains("hides 97.2 % of the picture"))
    #expect(try message((0..<144).map { $0 < 72 ? 1 : 0 }) == "")
  }
}
