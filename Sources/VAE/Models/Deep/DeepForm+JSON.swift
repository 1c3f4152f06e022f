import Checkpoints

extension DeepForm {
  package var networkJSON: JSONValue {
    [
      "architecture": "deep", "widths": .array(widths.map { JSONValue($0) }),
      "latents": .array(latents.map { JSONValue($0) }),
      "groups": .array(groups.map { JSONValue($0) }), "blocks": JSONValue(blocks),
      "activation": .string(activation.rawValue),
    ]
  }

  package init(json whole: JSONValue, network json: JSONValue, image: ImageShape) throws {
    try json.requireKeys([
      "architecture", "widths", "latents", "groups", "blocks", "activation",
    ])
    self.init(
      widths: try json.integers("widths"), latents: try json.integers("latents"),
      groups: try json.integers("groups"), blocks: try json.integer("blocks"),
      activation: try json.choice("activation"),
      likelihood: try Configuration.Likelihood(json: whole.member("likelihood")))
    if let problem = problem(of: image) { throw ConfigurationError(problem) }
    let expected = groups(of: image).reduce(0) { $0 + $1.shape.count }
    let found = try whole.integer("latents")
    guard found == expected else {
      throw ConfigurationError("expected \(expected) latents for \(image), found \(found)")
    }
    guard whole["posterior"] == nil && whole["prior"] == nil else {
      throw ConfigurationError(
        "a deep model has posteriors and priors that its decoder makes; other families are for flat "
          + "models")
    }
  }
}
