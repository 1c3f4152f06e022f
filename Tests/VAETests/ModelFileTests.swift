import Checkpoints
import Files
import Foundation
import Graphs
import Tensors
import Testing

@testable import VAE

private let image = ImageShape(channels: 1, height: 6, width: 5)
private let tiny = Configuration(
  image: image, latents: 2, network: .mlp(hidden: [7], activation: .tanh), likelihood: .bernoulli)

/// A folder that goes with the test.
final class TemporaryFolder {
  let path: String
  init() {
    path = NSTemporaryDirectory() + "latent-" + UUID().uuidString
    try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(atPath: path) }
  func file(_ name: String) -> String { path + "/" + name }
}

@Suite struct ConfigurationTests {
  static let configurations: [Configuration] = [
    tiny,
    Configuration.Preset.aevb.configuration(image: ImageShape(channels: 1, height: 28, width: 28)),
    Configuration.Preset.convolutional.configuration(
      image: ImageShape(channels: 3, height: 64, width: 64)),
    Configuration(
      image: image, latents: 3, network: .mlp(hidden: [], activation: .relu),
      likelihood: .gaussianFixed(standardDeviation: 0.1, mean: .identity)),
    Configuration(
      image: image, latents: 3,
      network: .convolutional(widths: [4, 8], blocks: 2, hidden: 16, activation: .silu),
      likelihood: .gaussian(mean: .sigmoid)),
    Hierarchies.configuration(),
    Hierarchies.configuration(isConditional: false, channels: 3, height: 4, width: 12),
    Configuration.Preset.photograph.configuration(
      image: ImageShape(channels: 3, height: 64, width: 64)),
  ]

  @Test(arguments: configurations)
  func surviveJSON(configuration: Configuration) throws {
    let text = configuration.json.description
    #expect(try Configuration(json: JSONValue(parsing: text)) == configuration)
    #expect(configuration.problem == nil)
  }

  @Test(arguments: [
    (#""latents":2"#, #""latents":0"#, "latents"),
    (#""latents":2"#, #""latents":2,"beta":1"#, "'beta' is not known"),
    (#""channels":1"#, #""channels":2"#, "1 or 3 channels"),
    (#""height":6"#, #""height":-6"#, "1 to 4096 pixels"),
    (#""architecture":"mlp""#, #""architecture":"gan""#, "found 'gan'"),
    (#""hidden":[7]"#, #""hidden":[7.5]"#, "array of integers"),
    (#""activation":"tanh""#, #""activation":"exec""#, "found 'exec'"),
    (#""family":"bernoulli""#, #""family":"poisson""#, "found 'poisson'"),
  ])
  func refusesWhatMakesNoModel(what: String, with replacement: String, reason: String) throws {
    let text = tiny.json.description.replacingOccurrences(of: what, with: replacement)
    #expect(text != tiny.json.description)
    let error = #expect(throws: ConfigurationError.self) {
      try Configuration(json: JSONValue(parsing: text))
    }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }
}

extension ConfigurationTests {
  @Test(arguments: [
    (#""latents":[2,3]"#, #""latents":[2]"#, "expected 2 groups"),
    (#""latents":[2,3]"#, #""latents":[2,0]"#, "expected 2 groups of 1 to 256 latent channels"),
    (#""target_widths":[3,4]"#, #""target_widths":[3,4,5]"#, "expected 2 target widths"),
    (#""widths":[4,5]"#, #""widths":[]"#, "expected 1 to 6 widths"),
    (#""widths":[4,5]"#, #""widths":[4,5000]"#, "1 to 4096 channels"),
    (#""blocks":1"#, #""blocks":17"#, "numbers of 0 to 16 blocks"),
    (#""height":8"#, #""height":10"#, "multiples of 4"),
    (#""latents":44"#, #""latents":45"#, "expected 44 latents"),
    (#""conditional":true"#, #""conditional":1"#, "true or false"),
    (
      #""family":"gaussian-shared""#, #""family":"bernoulli""#,
      "has the likelihood gaussian-shared"
    ),
  ])
  func refusesWhatMakesNoHierarchy(
    what: String, with replacement: String, reason: String
  ) throws {
    let whole = Hierarchies.configuration().json.description
    let text = whole.replacingOccurrences(of: what, with: replacement)
    #expect(text != whole)
    let error = #expect(throws: ConfigurationError.self) {
      try Configuration(json: JSONValue(parsing: text))
    }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
  }
}

@Suite struct ModelFileTests {
  @Test func comesBackFromHalfPrecision() throws {
    let folder = TemporaryFolder()
    let model = Hierarchies.model()
    try model.write(to: folder.file("half.safetensors"), as: .float16)
    try model.write(to: folder.file("whole.safetensors"))
    let read = try Model(path: folder.file("half.safetensors"))
    #expect(read.configuration == model.configuration)
    for slot in model.parameters.slots {
      let (a, b) = (
        try #require(model.parameters[slot.name]), try #require(read.parameters[slot.name])
      )
      for (x, y) in zip(a.elements, b.elements) { #expect(abs(x - y) <= abs(x) / 2048 + 1e-7) }
    }
    // Equal to the last bit when it has been rounded once.
    try read.write(to: folder.file("again.safetensors"), as: .float16)
    #expect(
      FileManager.default.contentsEqual(
        atPath: folder.file("half.safetensors"), andPath: folder.file("again.safetensors")))
    let sizes = try ["half", "whole"].map {
      try Data(contentsOf: URL(fileURLWithPath: folder.file("\($0).safetensors"))).count
    }
    #expect(sizes[0] < sizes[1] - model.parameters.parameterCount)
  }

  @Test(arguments: ConfigurationTests.configurations)
  func comesBackFromItsFile(configuration: Configuration) throws {
    let folder = TemporaryFolder()
    let model = Model(configuration, seed: 4)
    model.history = ["data": ["somewhere"], "steps": 12]
    try model.write(to: folder.file("a.safetensors"))
    let read = try Model(path: folder.file("a.safetensors"))
    #expect(read.configuration == configuration)
    #expect(read.history == model.history)
    for slot in model.parameters.slots {
      #expect(read.parameters[slot.name] == model.parameters[slot.name])
    }
    try read.write(to: folder.file("b.safetensors"))
    #expect(
      FileManager.default.contentsEqual(
        atPath: folder.file("a.safetensors"), andPath: folder.file("b.safetensors")))
  }

  @Test(arguments: [
    ("format", "stable.diffusion", "found 'stable.diffusion'"),
    ("format_version", "2", "found '2'"),
    ("configuration", "{", "configuration"),
    ("history", "[1]", "an object as 'history'"),
  ])
  func refusesForeignMetadata(key: String, value: String, reason: String) throws {
    var file = Model(tiny, seed: 1).file(name: "x.safetensors")
    file.metadata[key] = value
    let error = #expect(throws: FileError.self) { try Model(file: file) }
    #expect(error?.description.contains(reason) == true, "\(String(describing: error))")
    #expect(error?.path == "x.safetensors")
  }

  @Test func refusesTensorsThatDoNotFit() throws {
    var file = Model(tiny, seed: 1).file(name: "x")
    file.set("decoder.0.weight", Tensor([7, 3]))
    #expect(throws: FileError.self) { try Model(file: file) }

    file = Model(tiny, seed: 1).file(name: "x")
    file.set("decoder.9.weight", Tensor([7, 3]))
    #expect(throws: FileError.self) { try Model(file: file) }

    file = Model(tiny, seed: 1).file(name: "x")
    file.set("decoder.0.bias", Tensor([7], repeating: .nan))
    let error = #expect(throws: FileError.self) { try Model(file: file) }
    #expect(error?.description.contains("nan") == true)
  }
}
