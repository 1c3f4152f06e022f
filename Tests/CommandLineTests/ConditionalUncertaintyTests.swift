import Foundation
import ImageCodecs
import Testing
import VAE

/// Samples, and the map of `--uncertainty`.
extension ConditionalCommandTests {
  @Test("samples differ, repeat by their seed, and tell the uncertainty")
  func samples() throws {
    let folder = try Folder()
    for output in ["a", "b"] {
      try Program.succeed(
        "denoise", Self.scenes("colour.png"), "-m", Self.model, "--sigma", "40", "--samples", "3",
        "--seed", "5", "--uncertainty", folder("\(output).png"), "-o", folder("\(output)-%d.png"))
    }
    let pictures = try (1...3).map { try samples(folder("a-\($0).png")) }
    #expect(Set(pictures).count == 3)
    #expect(try samples(folder("b-2.png")) == pictures[1])
    let map = try ImageReader.read(path: folder("a.png"))
    #expect(map.depth == 16 && map.colorModel == .gray && map.width == 45)
    #expect(map.colorPlanes().contains { $0 > 0 })
    #expect(try samples(folder("b.png")) == map.samples)
  }

  @Test("the uncertainty is what the model predicts, drawn with samples or not")
  func predictedUncertainty() throws {
    let folder = try Folder()
    let maps = try [["--samples", "3"], ["--ensemble", "2"], []].enumerated().map {
      index, options in
      try Program.succeed(
        ["denoise", Self.scenes("grey.png"), "-m", Self.model, "--sigma", "60"] + options + [
          "--uncertainty", folder("map-\(index).png"), "-o",
          folder(index == 0 ? "a-%d.png" : "b\(index).png"),
        ])
      return try samples(folder("map-\(index).png"))
    }
    #expect(maps[0] == maps[1] && maps[1] == maps[2])
    let map = try ImageReader.read(path: folder("map-0.png")).colorPlanes()
    #expect(map.contains { $0 > 0 })
  }

  @Test("of a model that predicts no error it is the deviation of a gray picture's samples")
  func deviationOfSamples() throws {
    let folder = try Folder()
    let count = 5
    let whole = try Model(path: Self.model)
    var hierarchy = try #require(whole.configuration.hierarchy)
    #expect(hierarchy.predictsError)
    (hierarchy.predictsError, hierarchy.errorWidths) = (false, [])
    let plain = Model(
      Configuration(image: whole.configuration.image, hierarchy: hierarchy), seed: 1)
    for slot in plain.parameters.slots { plain.parameters[slot.name] = whole.parameters[slot.name] }
    try plain.write(to: folder("plain.safetensors"))
    try Program.succeed(
      "denoise", Self.scenes("grey.png"), "-m", folder("plain.safetensors"), "--sigma", "60",
      "--strength", "0.7",
      "--samples", "\(count)", "--depth", "16", "--uncertainty", folder("map.png"), "-o",
      folder("a-%d.png"))
    let map = try ImageReader.read(path: folder("map.png")).colorPlanes()
    let pictures = try (1...count).map {
      try ImageReader.read(path: folder("a-\($0).png")).colorPlanes()
    }
    for place in map.indices {
      let values = pictures.map { 65535 * Double($0[place]) }
      guard values.allSatisfy({ $0 > 0 && $0 < 65535 }) else { continue }
      let mean = values.reduce(0, +) / Double(count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      #expect(abs((squares / Double(count - 1)).squareRoot() - 65535 * Double(map[place])) < 1.5)
    }
  }

  @Test("the color map is a color picture that says its range")
  func colorMap() throws {
    let folder = try Folder()
    let result = try Program.run([
      "inpaint", Self.scenes("grey.png"), "--mask", Self.scenes("mask.png"), "-m", Self.model,
      "--uncertainty", folder("map.png"), "--color-map", "-o", folder("a.png"),
    ])
    #expect(result.exitCode == 0)
    #expect(result.errors.contains("uncertainty from 0"))
    let map = try ImageReader.read(path: folder("map.png"))
    #expect(map.colorModel == .rgb && map.depth == 8)
    #expect(map.metadata.text.contains { $0.value.contains("standard deviation") })
  }
}
