// Xapian as a peer: the terms that briefdesk makes, with positions, ranked by
// its default, BM25, the terms of a title counted twice.
//
//   peer add DB FILE   adds the passages of a file of terms
//   peer serve DB      answers each line of terms with a line of ids, best first
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

#include <xapian.h>

static void add(const char *db, const char *file) {
  Xapian::WritableDatabase out(db, Xapian::DB_CREATE_OR_OPEN);
  std::ifstream in(file);
  if (!in) throw std::runtime_error(std::string("cannot read ") + file);
  std::string line;
  while (std::getline(in, line)) {
    std::vector<std::string> field;
    std::istringstream fields(line);
    for (std::string f; std::getline(fields, f, '\t');) field.push_back(f);
    field.resize(7);
    Xapian::Document doc;
    doc.set_data(field[0]);
    Xapian::termpos at = 0;
    for (int i = 3; i < 7; i++) {
      std::istringstream terms(field[i]);
      for (std::string term; terms >> term;) doc.add_posting(term, ++at, i == 3 ? 2 : 1);
      at += 100;  // no phrase crosses fields
    }
    out.add_document(doc);
  }
  out.commit();
}

static void serve(const char *path) {
  Xapian::Database db(path);
  for (std::string line; std::getline(std::cin, line);) {
    std::vector<std::string> terms;
    std::istringstream words(line);
    for (std::string term; words >> term;) terms.push_back(term);
    Xapian::Enquire enquire(db);
    enquire.set_query(Xapian::Query(Xapian::Query::OP_OR, terms.begin(), terms.end()));
    Xapian::MSet found = enquire.get_mset(0, 10);
    const char *tab = "";
    for (auto i = found.begin(); i != found.end(); ++i) {
      std::cout << tab << i.get_document().get_data();
      tab = "\t";
    }
    std::cout << std::endl;
  }
}

int main(int argc, char **argv) {
  try {
    const std::string what = argc > 1 ? argv[1] : "";
    if (what == "add" && argc == 4) {
      add(argv[2], argv[3]);
    } else if (what == "serve" && argc == 3) {
      serve(argv[2]);
    } else {
      std::cerr << "usage: peer add DB FILE | peer serve DB\n";
      return 2;
    }
  } catch (const Xapian::Error &e) {
    std::cerr << "xapian: " << e.get_description() << "\n";
    return 1;
  } catch (const std::exception &e) {
    std::cerr << "xapian: " << e.what() << "\n";
    return 1;
  }
  return 0;
}
