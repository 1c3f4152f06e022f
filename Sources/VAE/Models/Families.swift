import Checkpoints

/// Every family that a model may be of, by name: the lists that model files are read by, that options
/// choose from and that help tells of.
package enum Families {
  /// Of p(x|z).
  @TaskLocal package static var likelihoods: [any LikelihoodFamily.Type] = [
    BernoulliLikelihood.self, ContinuousBernoulliLikelihood.self, GaussianLikelihood.self,
    FixedGaussianLikelihood.self, SharedGaussianLikelihood.self, LogisticLikelihood.self,
    LogisticMixtureLikelihood.self, PixelMixtureLikelihood.self,
  ]

  /// Of q(z|x), those of real latents first.
  @TaskLocal package static var posteriors: [any PosteriorFamily.Type] = [
    DiagonalPosterior.self, FullPosterior.self, LaplacePosterior.self, LogisticPosterior.self,
    StudentTPosterior.self, FlowFamily.self, LogNormalPosterior.self, GammaPosterior.self,
    ExponentialPosterior.self, WeibullPosterior.self,
  ]

  /// Of p(z).
  @TaskLocal package static var priors: [any PriorFamily.Type] = [
    StandardNormalPriorFamily.self, LogNormalPriorFamily.self, ExponentialPriorFamily.self,
    MixturePriorFamily.self, VampPriorFamily.self,
  ]

  /// The family of a list that a model file's object names.
  static func named<F>(
    _ json: JSONValue, _ kind: String, _ list: [F], _ nameOf: (F) -> String
  ) throws -> F {
    let name = try json.text("family")
    guard let family = list.first(where: { isSpelled(nameOf($0), name) }) else {
      throw ConfigurationError(
        "expected the \(kind) \(self.list(list.map(nameOf))), found '\(name)'; a newer version "
          + "may know it")
    }
    return family
  }

  /// Whether a name is meant, in American or British spelling.
  package static func isSpelled(_ name: String, _ word: String) -> Bool {
    name == word || name.replacing("ized", with: "ised") == word
  }

  /// "a, b or c".
  package static func list(_ words: some BidirectionalCollection<String>) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }
}

/// A family of distributions with its hyperparameters.
package protocol Family: Hashable, Sendable {
  /// As in the model file and on the command line.
  static var name: String { get }
  /// What help adds to the name; nil for nothing.
  static var summary: String? { get }
  static var hyperparameters: [Hyperparameter] { get }

  /// - Parameter json: an object with no other members than the hyperparameters.
  init(json: JSONValue) throws
  /// The hyperparameters as `init(json:)` reads them.
  var members: [JSONMember] { get }
}

/// A number or a choice that a family needs, as a member of its object in model files.
package struct Hyperparameter: Hashable, Sendable {
  package let key: String
  /// What it is where the user does not say.
  package let standard: JSONValue

  package init(_ key: String, standard: JSONValue) {
    self.key = key
    self.standard = standard
  }
}

/// A family without hyperparameters.
package protocol PlainFamily: Family {
  init()
}

extension PlainFamily {
  package static var hyperparameters: [Hyperparameter] { [] }
  package init(json: JSONValue) throws { self.init() }
  package var members: [JSONMember] { [] }
}

extension Family {
  package static var summary: String? { nil }

  /// The name, and what help adds.
  package static var described: String { summary.map { "\(name) (\($0))" } ?? name }

  package static func has(_ key: String) -> Bool { hyperparameters.contains { $0.key == key } }

  /// The family with the hyperparameters that are given, by key, the others as they usually are.
  package static func json(_ given: [String: JSONValue]) -> JSONValue {
    .object(
      [JSONMember("family", .string(name))]
        + hyperparameters.map { JSONMember($0.key, given[$0.key] ?? $0.standard) })
  }

  /// As in the model file.
  var json: JSONValue { .object([JSONMember("family", .string(Self.name))] + members) }

  /// Reads what `json` writes.
  static func read(_ json: JSONValue) throws -> Self {
    try json.requireKeys(Set(["family"] + hyperparameters.map(\.key)))
    return try Self(json: json)
  }
}
