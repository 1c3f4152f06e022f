import Files
import Platform

/// Finds models by their names.
package struct ModelLocator {
  /// Where names are looked up, first to last.
  package let folders: [String]

  /// - Parameters:
  ///   - variable: the value of LATENT_MODELS: folders with colons between.
  ///   - executable: the program's own path.
  package init(variable: String?, executable: String?) {
    var folders = (variable ?? "").split(separator: ":").map(String.init)
    if let executable {
      var folder = Paths.folder(executable)
      folders.append(Paths.joined(folder, "../share/latent/models"))
      // A build folder lies within its checkout, which a package manifest tells apart.
      while folder.count > 1 {
        folder = Paths.folder(String(folder.dropLast()))
        if Paths.exists(Paths.joined(folder, "Package.swift")) {
          folders.append(Paths.joined(folder, "models"))
          break
        }
      }
    }
    self.folders = folders
  }

  /// The locator of this process.
  package static var current: ModelLocator {
    ModelLocator(
      variable: Environment.models, executable: Paths.executable)
  }

  /// The file of a model: a path that holds a slash or ends in .safetensors as it is, otherwise
  /// the first folder's NAME.safetensors, or a file of this very name.
  ///
  /// - Throws: `ModelNotFound`.
  package func path(of name: String) throws -> String {
    if name.contains("/") || name.hasSuffix(Self.suffix) { return name }
    let candidates = folders.map { Paths.joined($0, name + Self.suffix) }
    if let found = candidates.first(where: Paths.exists) { return found }
    if Paths.isRegularFile(name) { return name }
    throw ModelNotFound(name: name, folders: folders, names: names)
  }

  /// The models that can be named.
  package var names: [String] {
    let files = folders.flatMap { (try? Paths.list($0)) ?? [] }
    return Set(files.filter { $0.hasSuffix(Self.suffix) }.map { Paths.stem($0) }).sorted()
  }

  private static let suffix = ".safetensors"
}

extension Model {
  /// A model by its name, as the program's `-m` finds it, or by its path: a name is looked up in the
  /// folders of the environment variable LATENT_MODELS, beside the program that runs, and in the
  /// `models` folder of the checkout that holds it. A name that holds a slash or ends in `.safetensors` is
  /// a path; so is one that is found in none of them and is that of a file.
  ///
  /// - Throws: `ModelNotFound`; `FileError` where the file cannot be read or is refused.
  public static func named(_ name: String) throws -> Model {
    try Model(path: ModelLocator.current.path(of: name))
  }
}

/// No model is called so.
public struct ModelNotFound: Error, Hashable, CustomStringConvertible {
  public let name: String
  /// Where it was looked for.
  public let folders: [String]
  /// The models that are there.
  public let names: [String]

  public var description: String {
    let places = folders.isEmpty ? "no folder" : folders.joined(separator: ", ")
    let known =
      names.isEmpty ? "there is no model there" : "there are " + names.joined(separator: ", ")
    return "\(Printable.named(name)): expected the name of a model, looked in \(places); \(known)"
  }
}
