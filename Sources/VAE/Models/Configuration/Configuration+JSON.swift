import Checkpoints

/// Why a configuration in a model file is refused.
public struct ConfigurationError: Error, CustomStringConvertible {
  public let description: String
  init(_ description: String) { self.description = description }
}

extension Configuration {
  /// As in the model file's `configuration`.
  package var json: JSONValue {
    var members = [
      JSONMember(
        "image",
        [
          "channels": JSONValue(image.channels), "height": JSONValue(image.height),
          "width": JSONValue(image.width),
        ]),
      JSONMember("latents", JSONValue(latents)),
      JSONMember("network", form.networkJSON),
      JSONMember("likelihood", likelihood.family.json),
    ]
    if posterior != .diagonal { members.append(JSONMember("posterior", posterior.family.json)) }
    if prior != .standardNormal { members.append(JSONMember("prior", prior.family.json)) }
    return .object(members)
  }

  /// Reads what `json` writes and refuses everything else.
  package init(json: JSONValue) throws {
    try json.requireKeys(["image", "latents", "network", "likelihood", "posterior", "prior"])
    let image = try json.member("image")
    try image.requireKeys(["channels", "height", "width"])
    self.image = ImageShape(
      channels: try image.integer("channels"), height: try image.integer("height"),
      width: try image.integer("width"))
    if let problem = self.image.problem { throw ConfigurationError(problem) }
    let network = try json.member("network")
    let architecture = try network.text("architecture")
    guard let form = Self.forms.first(where: { $0.architectures.contains(architecture) }) else {
      throw ConfigurationError(
        "expected the architecture \(Families.list(Self.forms.flatMap { $0.architectures })), "
          + "found '\(architecture)'; a newer version may know it")
    }
    self.form = try form.init(json: json, network: network, image: self.image)
    if let problem { throw ConfigurationError(problem) }
  }
}

extension JSONValue {
  func member(_ key: String) throws -> JSONValue {
    guard let value = self[key] else { throw ConfigurationError("'\(key)' is missing") }
    return value
  }

  func integer(_ key: String) throws -> Int {
    let value = try member(key)
    guard let number = value.int else {
      throw ConfigurationError("expected an integer as '\(key)', found \(value.kind)")
    }
    return number
  }

  func integers(_ key: String) throws -> [Int] {
    let numbers = try member(key).array?.map(\.int)
    guard let numbers, !numbers.contains(nil) else {
      throw ConfigurationError("expected an array of integers as '\(key)'")
    }
    return numbers.compactMap(\.self)
  }

  func text(_ key: String) throws -> String {
    let value = try member(key)
    guard let text = value.string else {
      throw ConfigurationError("expected a string as '\(key)', found \(value.kind)")
    }
    return text
  }

  func choice<C: RawRepresentable & CaseIterable>(_ key: String) throws -> C
  where C.RawValue == String {
    let text = try text(key)
    guard let choice = C(rawValue: text) else {
      let all = C.allCases.map(\.rawValue).joined(separator: ", ")
      throw ConfigurationError("expected one of \(all) as '\(key)', found '\(text)'")
    }
    return choice
  }

  /// Refuses an object with other keys: what is not understood must not be passed over.
  func requireKeys(_ keys: Set<String>) throws {
    guard let members = object else {
      throw ConfigurationError("expected an object, found \(kind)")
    }
    if let unknown = members.first(where: { !keys.contains($0.key) }) {
      throw ConfigurationError("'\(unknown.key)' is not known; a newer version may know it")
    }
  }
}
